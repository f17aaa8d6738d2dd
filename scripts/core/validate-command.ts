import { registry } from '../validate/registry.ts'
import { command, oneOf, readArgs } from './args.ts'
import { applyBaseline, writeBaseline } from './baseline.ts'
import { loadConfig, UsageError, type Config } from './config.ts'
import { closest } from 'fastest-levenshtein'
import { profiles } from './finding.ts'
import { applyFixes } from './fix.ts'
import { validate, type RunResult } from './run.ts'

/** Overlapping corrections, and those beyond the findings shown of one file, wait for the next round. */
const maxFixRounds = 20
const formats = ['pretty', 'json', 'github', 'sarif'] as const

const help = `Check Agent Skills: a skill's folder, a plugin, or any folder of skills.

Usage: npm run validate -- [PATH…] [options]     (without a path: this folder)

Options:
  --format pretty|json|github|sarif   how findings are printed (default pretty)
  --profile spec,claude,upload        limits that must hold (default spec,claude; the
                                      rest of the three is shown as warnings)
  --rule ID[,ID]                      run these rules only
  --quiet                             print errors only
  --strict                            exit with 1 on warnings too
  --fix                               apply the mechanical corrections
  --external                          follow links to the web as well
  --watch                             run again whenever a file changes
  --config FILE                       default: validate.config.json in PATH or here
  --baseline FILE                     hide the findings that FILE lists
  --write-baseline FILE               list the present findings in FILE
  --help                              this text

Examples:
  npm run validate                                  this bundle
  npm run validate -- ~/.claude/skills --quiet      every skill of a user
  npm run validate -- my-skill --profile spec,upload --strict
  npm run validate -- . --format sarif > findings.sarif

Exit codes: 0 clean, 1 findings, 2 could not run.

Rules:
`

/** Run with the arguments of the process and set its exit code. */
export async function run(): Promise<void> {
  await command('validate', () => main(process.argv.slice(2)))
}

/** Run the command with `args`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    format: { type: 'string' }, profile: { type: 'string' }, rule: { type: 'string', multiple: true },
    quiet: { type: 'boolean' }, strict: { type: 'boolean' }, fix: { type: 'boolean' }, external: { type: 'boolean' },
    watch: { type: 'boolean' }, config: { type: 'string' }, baseline: { type: 'string' },
    'write-baseline': { type: 'string' }, help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    const width = Math.max(...registry.map(({ id }) => id.length))
    process.stdout.write(help + registry.map(({ id, summary }) => `  ${id.padEnd(width)}  ${summary}\n`).join(''))
    return 0
  }
  const paths = positionals.length > 0 ? positionals : ['.']
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', formats)
  const only = (values.rule as string[] | undefined)?.flatMap((list) => list.split(',')).map(knownRule)
  const loaded = loadConfig(values.config as string | undefined, [...paths, '.'], registry.map(({ id }) => id))
  const config: Config = { ...loaded, external: values.external === true }
  if (values.profile) config.profiles = (values.profile as string).split(',').map((name) => oneOf('profile', name, profiles))
  const once = async (): Promise<number> => {
    let result = await validate(paths, config, only)
    if (values.fix) {
      let total = 0
      for (let round = 0, fixed = 1; fixed > 0 && round < maxFixRounds; round++) {
        fixed = applyFixes(result)
        total += fixed
        if (fixed > 0) result = await validate(paths, config, only)
      }
      process.stderr.write(`${total} ${total === 1 ? 'correction' : 'corrections'} applied\n`)
    }
    if (values['write-baseline']) {
      process.stderr.write(`${writeBaseline(values['write-baseline'] as string, result)} findings written to ${values['write-baseline']}\n`)
      return 0
    }
    if (values.baseline) result = applyBaseline(values.baseline as string, result)
    if (values.quiet) result.files.forEach((file) => { file.messages = file.messages.filter(({ severity }) => severity === 'error') })
    const text = await render(format, result, values.quiet === true)
    if (text !== '') process.stdout.write(`${text}\n`)
    return exitCode(result, values.strict === true)
  }
  return values.watch ? (await import('./watch.ts')).runOnChange(paths, once) : once()
}

async function render(format: (typeof formats)[number], result: RunResult, quiet: boolean): Promise<string> {
  switch (format) {
    case 'pretty': return (await import('./reporters/pretty.ts')).pretty(result, quiet)
    case 'json': return (await import('./reporters/json.ts')).json(result)
    case 'github': return (await import('./reporters/github.ts')).github(result)
    case 'sarif': return (await import('./reporters/sarif.ts')).sarif(result, 'backend-design-validate', registry)
  }
}

function exitCode({ files }: RunResult, strict: boolean): number {
  const failing = strict ? ['error', 'warning'] : ['error']
  return files.some(({ messages }) => messages.some(({ severity }) => failing.includes(severity))) ? 1 : 0
}

function knownRule(id: string): string {
  if (registry.some((rule) => rule.id === id)) return id
  throw new UsageError(`--rule ${id}: there is no such rule; did you mean ${closest(id, registry.map((rule) => rule.id))}?`)
}
