import { closest, distance } from 'fastest-levenshtein'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { UsageError } from './usage-error.ts'

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

/**
 * Parse the arguments of a command. An unknown flag is answered with the nearest known one.
 * Throws `UsageError` (exit code 2).
 */
export function readArgs(args: string[], options: ParseArgsOptionsConfig): { values: Values; positionals: string[] } {
  const names = Object.keys(options)
  const end = args.indexOf('--')
  for (const arg of end === -1 ? args : args.slice(0, end)) {
    const name = /^--([^=]+)/.exec(arg)?.[1]
    if (!name || names.includes(name)) continue
    const near = closest(name, names)
    throw new UsageError(
      `unknown option --${name}; ${distance(name, near) <= 3 ? `did you mean --${near}?` : 'see --help'}`,
    )
  }
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true }) as { values: Values; positionals: string[] }
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; see --help`)
  }
}

/** The value of an option with a fixed set of values. Throws `UsageError` with the nearest one. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found) return found
  throw new UsageError(
    `--${option} ${value}: not one of ${allowed.join(', ')}; did you mean ${closest(value, [...allowed])}?`,
  )
}

/** The value of an option that is a number in digits, from 1 to `most`; `undefined` when it is absent. Throws `UsageError`. */
export function wholeNumber(option: string, values: Values, most = Infinity): number | undefined {
  const text = values[option]
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(String(text)) && Number(text) <= most) return Number(text)
  throw new UsageError(`--${option} ${text}: a whole number from 1${most === Infinity ? '' : ` to ${most}`} is due`)
}

/**
 * Run a command's `main` and turn its outcome into the exit code. Usage errors print one line and
 * exit with 2, as does anything unexpected: a defect of the tool is not a finding.
 */
export async function command(name: string, main: () => Promise<number>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2))
  try {
    process.exitCode = await main()
  } catch (error) {
    process.stderr.write(`${name}: ${explain(error)}\n`)
    process.exitCode = 2
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message
  const text = error instanceof Error ? error.message.split('\n')[0]! : String(error)
  return (error as NodeJS.ErrnoException).syscall ? `cannot go on: ${text}` : `cannot go on: ${text}; please report this with the command you ran`
}
