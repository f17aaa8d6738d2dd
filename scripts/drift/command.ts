import { join } from 'node:path'
import { oneOf, readArgs } from '../core/args.ts'
import { loadBundle } from '../core/bundle.ts'
import { UsageError } from '../core/config.ts'
import { driftOf, pretty, type Drift } from './compare.ts'
import { RegistryError, releaseOf } from './registry.ts'
import { stackOf, type StackPackage } from './stack.ts'

const help = `List packages that the references teach and that have newer releases.

Usage: npm run drift [-- options]

The packages are those of "Verified with" lines, of compatibility in SKILL.md and of
the examples; their versions those of package.json. Asks the registry that npm is
configured for.

Options:
  --format pretty|json   how the result is printed (default pretty)
  --timeout SECONDS      how long an answer may take (default 30)
  --help                 this text

Examples:
  npm run drift
  npm run --silent drift -- --format json > drift.json

Exit codes: 0 current, 1 newer releases or pins that are gone, 2 could not run.
`

const root = join(import.meta.dirname, '../..')
const atOnce = 4

/** Run the command with `args` on the repository in `folder`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[], folder = root): Promise<number> {
  const { values, positionals } = readArgs(args, {
    format: { type: 'string' }, timeout: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  })
  if (positionals.length > 0) throw new UsageError(`${positionals[0]}: this command takes no argument; see --help`)
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', ['pretty', 'json'] as const)
  const seconds = Number(values.timeout ?? 30)
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError(`--timeout ${values.timeout}: not a number of seconds up to 600`)
  const stack = stackOf(loadBundle(folder))
  if (stack.length === 0) throw new UsageError('no "Verified with" line names a package that package.json pins; nothing to compare')
  const drifts = await compareAll(stack, seconds * 1000)
  const text = format === 'json' ? JSON.stringify({ checked: stack.length, packages: drifts }, null, 2) : pretty(drifts, stack.length)
  process.stdout.write(`${text}\n`)
  return drifts.length > 0 ? 1 : 0
}

async function compareAll(stack: StackPackage[], timeout: number): Promise<Drift[]> {
  const waiting = [...stack]
  const found = new Map<string, Drift>()
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${stack.length - waiting.length}/${stack.length} ${one.name}`)
      const drift = driftOf(one, await releaseOf(one.name, one.pinned, timeout))
      if (drift) found.set(one.name, drift)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
  } catch (error) {
    waiting.length = 0
    throw error instanceof RegistryError ? new UsageError(error.message) : error
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  }
  return stack.flatMap(({ name }) => found.get(name) ?? [])
}
