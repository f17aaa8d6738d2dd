import { oneOf, readArgs } from '../../core/args.ts'
import { applyBaseline, writeBaseline } from '../../core/baseline.ts'
import { UsageError } from '../../core/usage-error.ts'
import { registry as fileRegistry } from '../registry.ts'
import { databaseRegistry } from '../database/registry.ts'
import { loadAuditConfig, nearestRule } from './config.ts'
import { explain } from './explain.ts'
import { audit, type AuditResult } from './run.ts'
import { changesSince, onlyChanged } from './since.ts'

const registry = [...fileRegistry, ...databaseRegistry]
const formats = ['pretty', 'json', 'github', 'sarif'] as const

const help = `Audit a backend on Bun or Node with Hono, tRPC and Drizzle for red flags.

Usage: node audit.mjs [PATH] [options]     (or bun; without a path: this folder)

Options:
  --format pretty|json|github|sarif   how findings are printed (default pretty)
  --rule ID[,ID]                      run these rules only
  --database URL                      audit a live PostgreSQL instead of files: catalogue
                                      queries in a read-only transaction; URL, or the
                                      name of the variable that holds it
  --since REV                         only findings on lines changed since this git revision
  --quiet                             print errors only
  --strict                            exit with 1 on warnings too
  --config FILE                       default: audit.config.json in PATH
  --baseline FILE                     hide the findings that FILE lists
  --write-baseline FILE               list the present findings in FILE
  --list                              the rules, with severity and reference
  --explain RULE                      why a rule is there, the fix, and its reference
  --help                              this text

Examples:
  node audit.mjs                                 this project
  node audit.mjs apps/api --since origin/main    what a branch adds
  node audit.mjs --explain fk-without-index
  node audit.mjs --database DATABASE_URL         what the catalogue shows
  node audit.mjs --format sarif > audit.sarif

Accept a finding with a comment on the line above: // audit-disable-next-line <rule>: <reason>
(-- in SQL, # in YAML; audit-disable-line and audit-disable-file exist too).
audit.config.json: {"rules": {"<rule>": "off|info|warning|error"}, "ignore": ["legacy/"], "baseline": "audit.baseline.json"}

Exit codes: 0 clean, 1 findings, 2 could not run.
`

/** Run the command with `args`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    format: { type: 'string' }, rule: { type: 'string', multiple: true }, since: { type: 'string' }, database: { type: 'string' }, quiet: { type: 'boolean' },
    strict: { type: 'boolean' }, config: { type: 'string' }, baseline: { type: 'string' }, 'write-baseline': { type: 'string' },
    list: { type: 'boolean' }, explain: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  if (values.list) return print(list())
  if (values.explain !== undefined) return print(`${explain(ruleNamed('explain', values.explain as string))}\n`)
  if (positionals.length > 1) throw new UsageError(`one path is due, ${positionals.length} are given; run the audit for each`)
  const root = positionals[0] ?? '.'
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', formats)
  const only = (values.rule as string[] | undefined)?.flatMap((names) => names.split(',')).map((name) => ruleNamed('rule', name).id)
  const config = loadAuditConfig(values.config as string | undefined, root, registry.map(({ id }) => id))
  const database = values.database as string | undefined
  if (database !== undefined && values.since !== undefined) throw new UsageError('--since names lines of files, a database has none; leave one of the two out')
  let result = database === undefined ? await audit(root, config, only) : await (await import('../database/audit-database.ts')).auditDatabase(database, config, only)
  if (result.looked === 0) throw new UsageError(`${root}: no TypeScript, JavaScript, SQL or package.json to audit; check the path`)
  if (values['write-baseline']) {
    process.stderr.write(`${writeBaseline(values['write-baseline'] as string, result)} findings written to ${values['write-baseline']}\n`)
    return 0
  }
  const baseline = (values.baseline as string | undefined) ?? config.baseline
  if (baseline) result = applyBaseline(baseline, result)
  if (values.since !== undefined) result = { ...result, files: onlyChanged(result.files, root, changesSince(root, values.since as string)) }
  if (values.quiet) result.files.forEach((file) => { file.messages = file.messages.filter(({ severity }) => severity === 'error') })
  result = { ...result, files: result.files.filter(({ messages }) => messages.length > 0) }
  const text = await render(format, result, values.quiet === true)
  if (text !== '') print(`${text}\n`)
  const failing = values.strict ? ['error', 'warning'] : ['error']
  return result.files.some(({ messages }) => messages.some(({ severity }) => failing.includes(severity))) ? 1 : 0
}

async function render(format: (typeof formats)[number], result: AuditResult, quiet: boolean): Promise<string> {
  switch (format) {
    case 'pretty': return (await import('./pretty.ts')).pretty(result, quiet)
    case 'json': return (await import('../../core/reporters/json.ts')).json(result)
    case 'github': return (await import('../../core/reporters/github.ts')).github(result)
    case 'sarif': return (await import('../../core/reporters/sarif.ts')).sarif(result, 'backend-design-audit', registry)
  }
}

function list(): string {
  const width = Math.max(...registry.map(({ id }) => id.length))
  return registry.map(({ id, severity, summary, reference }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${summary} (${reference})\n`).join('')
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function ruleNamed(option: string, id: string) {
  const found = registry.find((rule) => rule.id === id)
  if (found) return found
  throw new UsageError(`--${option} ${id}: there is no such rule; did you mean ${nearestRule(id, registry.map((rule) => rule.id))}?`)
}
