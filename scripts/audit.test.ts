import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { databaseRegistry } from './audit/database/registry.ts'
import { registry } from './audit/registry.ts'
import { stack } from './audit/testing.ts'
import { folderWith } from './core/testing.ts'

const script = join(import.meta.dirname, 'audit.mjs')
const run = (args: string[], cwd: string, runtime = process.execPath) => {
  const { status, stdout, stderr } = spawnSync(runtime, [script, ...args], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  return { status, stdout, stderr }
}
const bad = 'export const a = 1\nawait fetch(url)\n'

test('findings, what they mean, exit code 1; quiet and clean: exit code 0', () => {
  const root = folderWith({ 'package.json': stack, 'server/a.ts': bad, 'server/b.ts': 'export const server = 1' })
  const { status, stdout, stderr } = run([], root)
  expect([status, stderr]).toEqual([1, ''])
  expect(stdout).toContain('fetch() without signal waits for ever; pass signal: AbortSignal.timeout(ms) outbound-without-timeout')
  expect(stdout).toContain('Read references/operational-guardrails.md#timeout-budget')
  expect(stdout).toMatch(/^3 files, 0 tables, \d+ rules: 1 error, 0 warnings, 0 hints: failed$/m)
  expect(run(['server', '--rule', 'fk-without-index'], root).status).toBe(0)
})

test.each(['json', 'github', 'sarif'])('%s', (format) => {
  const root = folderWith({ 'package.json': stack, 'server/a.ts': bad })
  const { stdout } = run(['--format', format], root)
  if (format === 'github') return expect(stdout).toBe('::error file=server/a.ts,line=2,col=7,title=outbound-without-timeout::fetch() without signal waits for ever; pass signal: AbortSignal.timeout(ms)\n')
  const value = JSON.parse(stdout)
  if (format === 'json') expect(value[0].messages[0]).toMatchObject({ ruleId: 'outbound-without-timeout', line: 2, column: 7, endLine: 2, endColumn: 17, url: 'references/operational-guardrails.md#timeout-budget' })
  else expect(value.runs[0].results[0]).toMatchObject({ ruleId: 'outbound-without-timeout', level: 'error' })
})

test('--list names every rule, --explain prints the section of the reference', () => {
  const root = folderWith({})
  expect(run(['--list'], root).stdout.trim().split('\n').map((line) => line.split(' ')[0])).toEqual([...registry, ...databaseRegistry].map(({ id }) => id))
  const { stdout } = run(['--explain', 'outbound-without-timeout'], root)
  expect(stdout).toContain('The fix is a behaviour change.')
  expect(stdout).toContain('## Timeout budget')
  expect(run(['--help'], root).stdout).toContain('Examples:')
})

test.each([
  [['--formt', 'json'], 'audit: unknown option --formt; did you mean --format?\n'],
  [['--format', 'jsn'], 'audit: --format jsn: not one of pretty, json, github, sarif; did you mean json?\n'],
  [['--rule', 'fk-index'], 'audit: --rule fk-index: there is no such rule; did you mean fk-without-index?\n'],
  [['nowhere'], 'audit: nowhere: there is no such folder; check the path\n'],
  [['package.json'], 'audit: package.json: this is a file; name the folder of the project\n'],
  [['empty'], 'audit: empty: no TypeScript, JavaScript, SQL or package.json to audit; check the path\n'],
  [['a', 'b'], 'audit: one path is due, 2 are given; run the audit for each\n'],
  [['--database', 'X', '--since', 'HEAD'], 'audit: --since names lines of files, a database has none; leave one of the two out\n'],
  [['--since', 'HEAD'], 'audit: --since HEAD: . is in no git repository (or git is not installed); leave the option out\n'],
])('%j is answered with one sentence and exit code 2', (args, message) => {
  const root = folderWith({ 'package.json': stack, 'empty/x.txt': 'x' })
  expect(run(args, root)).toEqual({ status: 2, stdout: '', stderr: message })
})

describe('configuration', () => {
  test.each([
    ['{', 'not a JSON object; correct it'],
    ['{"rule": {}}', 'there is no setting "rule"; did you mean "rules"?'],
    ['{"rules": {"fk-index": "off"}}', 'there is no rule "fk-index"; did you mean "fk-without-index"?'],
    ['{"rules": {"fk-without-index": "warn"}}', '"rules.fk-without-index": one of off, info, warning, error is due; correct it'],
    ['{"ignore": "x"}', '"ignore": a list of patterns is due; correct it'],
    ['{"baseline": 1}', '"baseline": the path of a file is due; correct it'],
  ])('%s', (text, message) => {
    const root = folderWith({ 'audit.config.json': text, 'package.json': stack })
    expect(run([], root)).toEqual({ status: 2, stdout: '', stderr: `audit: audit.config.json: ${message}\n` })
  })

  test('levels, ignored paths, comments in the file', () => {
    const root = folderWith({
      'package.json': stack, 'server/a.ts': bad, 'legacy/b.ts': bad,
      'audit.config.json': '{ // ours\n "rules": {"outbound-without-timeout": "warning"}, "ignore": ["legacy/"] }',
    })
    const { status, stdout } = run(['--format', 'github'], root)
    expect([status, stdout.split('\n').length - 1, stdout.startsWith('::warning file=server/a.ts')]).toEqual([0, 1, true])
    expect(run(['--strict'], root).status).toBe(1)
  })

  test('a baseline hides old findings and shows new ones', () => {
    const root = folderWith({ 'package.json': stack, 'server/a.ts': bad })
    expect(run(['--write-baseline', 'audit.baseline.json'], root).stderr).toBe('1 findings written to audit.baseline.json\n')
    writeFileSync(join(root, 'audit.config.json'), '{"baseline": "audit.baseline.json"}')
    expect(run([], root).status).toBe(0)
    writeFileSync(join(root, 'server/c.ts'), bad)
    expect(run(['--format', 'github'], root).stdout).toMatch(/^::error file=server\/c\.ts,line=2[^\n]*\n$/)
  })
})

test('--since shows what changed lines hold', () => {
  const root = folderWith({ 'package.json': stack, 'server/a.ts': bad, '.gitignore': 'out.ts\n', 'out.ts': bad })
  const git = (...args: string[]) => execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args])
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'first')
  expect(run(['--since', 'HEAD'], root).status).toBe(0)
  writeFileSync(join(root, 'server/a.ts'), `${bad}await fetch(other)\n`)
  expect(run(['--since', 'HEAD', '--format', 'github'], root).stdout).toMatch(/^::error file=server\/a\.ts,line=3[^\n]*\n$/)
})

test('links in circles, unreadable folders, threads for many files', () => {
  const many = Object.fromEntries(Array.from({ length: 620 }, (_, index) => [`server/f${index}.ts`, `export const server${index} = ${index}\n`]))
  const root = folderWith({ 'package.json': stack, ...many, 'server/f7.ts': bad, 'closed/a.ts': bad })
  symlinkSync('..', join(root, 'server/loop'))
  chmodSync(join(root, 'closed'), 0o000)
  const { status, stdout } = run(['--format', 'github'], root)
  chmodSync(join(root, 'closed'), 0o755)
  expect(status).toBe(1)
  expect(stdout).toContain('::warning file=server/loop,title=readable::this link leads to a folder that holds it and is not followed')
  expect(stdout).toContain('::error file=server/f7.ts,line=2')
  expect(stdout.includes('::warning file=closed,') || stdout.includes('::error file=closed/a.ts')).toBe(true)
})

const runtimes = { bun: join(import.meta.dirname, '../node_modules/.bin/bun'), 'system node': '/usr/bin/node' }
test.each(Object.entries(runtimes).filter(([, path]) => existsSync(path)))('gives the same on %s', (_, runtime) => {
  const root = folderWith({ 'package.json': stack, 'server/a.ts': bad, 'drizzle/0000_a.sql': readFileSync(join(import.meta.dirname, '../examples/neondash/drizzle/0000_first.sql'), 'utf8') })
  const [here, there] = [run(['--format', 'json'], root), run(['--format', 'json'], root, runtime)]
  expect(there).toEqual(here)
  expect(here.stdout).toContain('migration-without-down')
})
