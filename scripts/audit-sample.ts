import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { audit } from './audit/engine/run.ts'
import { drawSample, scoreOf, sheetOf } from './audit/engine/sample.ts'
import { command, readArgs } from './core/args.ts'
import { UsageError } from './core/usage-error.ts'

const help = `Draw findings of the audit on other projects for a person to judge, and count the judgements.

Usage: npm run audit:sample -- FOLDER… [options]     (each folder is a project)

Options:
  --per-rule N    findings per rule and severity (default 6)
  --seed N        another draw (default 1)
  --judged FILE   count the marks of a sheet: [+] right, [-] wrong, [ ] not judged
  --help          this text

Example:
  npm run audit:sample -- ../projects/* > sheet.txt     then mark each block, then
  npm run audit:sample -- --judged sheet.txt

What is wrong becomes a quiet case in the test of its rule. Errors must be right in 95 %, warnings in 85 %.
`
const due = { error: 0.95, warning: 0.85 }

await command('audit-sample', async () => {
  const { values, positionals } = readArgs(process.argv.slice(2), {
    'per-rule': { type: 'string' }, seed: { type: 'string' }, judged: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  if (values.judged !== undefined) return judge(values.judged as string)
  if (positionals.length === 0) throw new UsageError('name at least one folder with a project; see --help')
  const results = []
  for (const folder of positionals) {
    process.stderr.write(`${folder}\n`)
    results.push({ project: basename(resolve(folder)), files: (await audit(folder, { rules: {}, ignore: [] })).files })
  }
  return print(`${sheetOf(drawSample(results, wholeNumber('per-rule', values['per-rule'], 6), wholeNumber('seed', values.seed, 1)))}\n`)
})

function judge(file: string): number {
  let sheet
  try {
    sheet = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file}: the sheet cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`)
  }
  const { counts, missing } = scoreOf(sheet)
  if (Object.keys(counts).length === 0) throw new UsageError(`${file}: no block is marked [+] or [-]; judge some first`)
  for (const [key, { right, judged }] of Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))) print(`${key.padEnd(36)} ${right} of ${judged} right, ${((100 * right) / judged).toFixed(1)} %\n`)
  if (missing > 0) process.stderr.write(`${missing} not judged\n`)
  return Object.entries(due).some(([severity, least]) => counts[severity] && counts[severity].right / counts[severity].judged < least) ? 1 : 0
}

function wholeNumber(option: string, text: unknown, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${option} ${text}: a whole number from 1 is due`)
  return value
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
