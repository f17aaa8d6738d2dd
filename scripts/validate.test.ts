import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const entry = join(import.meta.dirname, 'validate.ts')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'validate-')))
chmodSync(folder, 0o755)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Outcome {
  code: number
  stdout: string
  stderr: string
}

const options = { timeout: 300_000, concurrent: true }

function run(args: string[], more: { uid?: number } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', NODE_DISABLE_COMPILE_CACHE: more.uid ? '1' : '' }
    execFile(process.execPath, [entry, ...args], { cwd: folder, env, maxBuffer: 2 ** 28, ...more }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** Write `files` below `name` in the test folder. */
function skill(name: string, files: Record<string, string | Uint8Array>): string {
  mkdirSync(join(folder, name), { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true })
    writeFileSync(join(folder, name, path), content)
  }
  return name
}

const head = (name: string) => `---\nname: ${name}\ndescription: Checks demo files. Use when a demo breaks.\n---\n\n`
const withBody = (name: string, body: string) => skill(name, { 'SKILL.md': `${head(name)}# Demo\n\n${body}\n` })
const withYaml = (name: string, yaml: string) => skill(name, { 'SKILL.md': `---\nname: ${name}\ndescription: Checks demo files.\n${yaml}\n---\n\n# Demo\n` })
const withBytes = (name: string, bytes: Uint8Array | string) => skill(name, { 'SKILL.md': bytes })

/** Errors as `path:line:column reason`. */
async function errorsOf(name: string, more: { uid?: number } = {}): Promise<string[]> {
  const { code, stdout, stderr } = await run([name, '--quiet', '--format', 'json'], more)
  expect(stderr).toBe('')
  expect(stdout).not.toMatch(/^ {4}at /m)
  const files = JSON.parse(stdout) as { path: string; messages: { line: number | null; column: number | null; reason: string }[] }[]
  const found = files.flatMap(({ path, messages }) => messages.map(({ line, column, reason }) => `${path}:${line ?? 1}:${column ?? 1} ${reason}`))
  expect(code).toBe(found.length > 0 ? 1 : 0)
  for (const line of found) expect(line).not.toContain('\n')
  return found
}

const latin1 = Buffer.concat([Buffer.from(`${head('latin1')}caf`), Buffer.from([0xe9]), Buffer.from(' here\n')])
const dense = 'too many Markdown delimiters, words or lines without a blank line between; split the block'
const bomb = Array.from({ length: 10 }, (_, i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? 'x' : `*a${i - 1}`).join(', ')}]`).join('\n')

test.for<[string, () => string, string]>([
  ['empty', () => withBytes('empty', ''), 'empty/SKILL.md:1:1 the file is empty; write its content or delete it'],
  ['binary', () => withBytes('binary', Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7_919 + 1) % 256)), 'binary/SKILL.md:1:1 NUL byte at byte offset 241; the file is binary or UTF-16, save it as UTF-8 text'],
  ['NUL', () => withBytes('nul', `${head('nul')}abc\0def`), 'nul/SKILL.md:1:1 NUL byte at byte offset 78; the file is binary or UTF-16, save it as UTF-8 text'],
  ['UTF-16 with a mark', () => withBytes('utf16', Buffer.from(`\uFEFF${head('utf16')}`, 'utf16le')), 'utf16/SKILL.md:1:1 the file is UTF-16; save it as UTF-8'],
  ['UTF-16 without', () => withBytes('bare16', Buffer.from(head('bare16'), 'utf16le')), 'bare16/SKILL.md:1:1 NUL byte at byte offset 1; the file is binary or UTF-16, save it as UTF-8 text'],
  ['invalid UTF-8', () => withBytes('latin1', latin1), 'latin1/SKILL.md:1:1 invalid UTF-8 at byte offset 81; save the file as UTF-8'],
  ['50 MB', () => withBytes('large', Buffer.alloc(52_428_800, 'abc def\n')), 'large/SKILL.md:1:1 the file has 52428800 bytes, the limit is 262144; split it'],
  ['unclosed frontmatter', () => withBytes('unclosed', '---\nname: unclosed\ndescription: x\n'), 'unclosed/SKILL.md:1:1 the frontmatter is never closed; add a line "---" after the last field'],
  ['alias bomb', () => withYaml('bomb', bomb), 'bomb/SKILL.md:7:20 more than 20 YAML aliases; write the values out'],
  ['recursive alias', () => withYaml('circle', 'metadata: &m\n  self: *m'), 'circle/SKILL.md:5:9 the alias "*m" refers to itself; write the value out'],
  ['20,000 nested YAML levels', () => withYaml('deepyaml', `metadata: ${'['.repeat(20_000)}${']'.repeat(20_000)}`), 'deepyaml/SKILL.md:1:1 the frontmatter has 40057 characters, the limit is 16384; move text below the closing "---"'],
  ['8,000 nested YAML levels', () => withYaml('lessdeep', `metadata: ${'['.repeat(8_000)}`), 'lessdeep/SKILL.md:4:1 the YAML is nested more than 100 levels deep; flatten it'],
  ['20,000 nested quotes', () => withBody('quotes', '> '.repeat(20_000)), 'quotes/SKILL.md:8:1 more than 100 nested lists or quotes; flatten them'],
  ['20,000 nested lists', () => withBody('lists', `${'- '.repeat(20_000)}x`), 'lists/SKILL.md:8:1 more than 100 nested lists or quotes; flatten them'],
  ['lists nested line by line', () => withBody('stairs', Array.from({ length: 300 }, (_, i) => `${'  '.repeat(i)}- a`).join('\n')), 'stairs/SKILL.md:108:1 more than 100 nested lists or quotes; flatten them'],
  ['100,000 [', () => withBody('brackets', '['.repeat(100_000)), `brackets/SKILL.md:8:1 ${dense}`],
  ['50,000 [a](', () => withBody('links', '[a]('.repeat(50_000)), `links/SKILL.md:8:1 ${dense}`],
  ['160 kB of *a_ ', () => withBody('stars', '*a_ '.repeat(40_000)), `stars/SKILL.md:8:1 ${dense}`],
  ['50,000 <!--', () => withBody('comments', '<!--'.repeat(50_000)), `comments/SKILL.md:8:1 ${dense}`],
  ['a link in a circle', () => { symlinkSync('SKILL.md', join(folder, skill('self', {}), 'SKILL.md')); return 'self' }, 'self/SKILL.md:1:1 the link leads in a circle; replace it by the file'],
  ['a link to nothing', () => { symlinkSync('none.md', join(folder, skill('none', {}), 'SKILL.md')); return 'none' }, 'none/SKILL.md:1:1 the file is a link to something that does not exist; replace it by the file'],
  ['a link out of the skill', () => { symlinkSync('/etc/passwd', join(folder, skill('out', {}), 'SKILL.md')); return 'out' }, 'out/SKILL.md:1:1 this symbolic link leaves the skill; replace it by the file itself'],
  ['a folder that links to itself', () => { symlinkSync('.', join(folder, withBody('loop', 'x'), 'again')); return 'loop' }, 'loop/again:1:1 this link leads to a folder that holds the link itself; remove it, tools that follow links never end'],
  ['a folder called SKILL.md', () => { mkdirSync(join(folder, 'folder', 'SKILL.md'), { recursive: true }); return 'folder' }, 'folder/SKILL.md:1:1 this is a folder, a file is due here; rename the folder'],
  ['a pipe', () => { execFileSync('mkfifo', [join(folder, skill('pipe', {}), 'SKILL.md')]); return 'pipe' }, 'pipe/SKILL.md:1:1 this is a pipe or a device, a file is due here; replace it'],
  ['skill.md', () => skill('lower', { 'skill.md': head('lower') }), 'lower/skill.md:1:1 the file is called "skill.md"; rename it to SKILL.md, clients look for exactly that'],
  ['skill.md itself', () => { skill('lower2', { 'skill.md': head('lower2') }); return 'lower2/skill.md' }, 'lower2/skill.md:1:1 the file is called "skill.md"; rename it to SKILL.md, clients look for exactly that'],
])('bad input is one finding: %s', options, async ([, make, expected]) => {
  expect(await errorsOf(make())).toEqual([expected])
})

test('an unreadable file and folder are one finding each', options, async () => {
  const root = skill('closed', { 'SKILL.md': `${head('closed')}See [a](references/a.md).\n`, 'references/a.md': '# A\n', 'b/c.md': '# C\n' })
  chmodSync(join(folder, root, 'references/a.md'), 0)
  chmodSync(join(folder, root, 'b'), 0)
  const more = process.getuid?.() === 0 ? { uid: 65_534 } : {}
  expect(await errorsOf(root, more)).toEqual([
    'closed/b:1:1 the folder cannot be read (EACCES); make it readable',
    'closed/references/a.md:1:1 the file cannot be read (permission denied); make it readable',
  ])
  chmodSync(join(folder, root, 'b'), 0o755)
})

test('3,000 linked files are read', options, async () => {
  const files: Record<string, string> = {}
  for (let i = 0; i < 3_000; i++) files[`references/r${i}.md`] = `# File ${i}\n\n## Part one\n\nSee [next](r${(i + 1) % 3_000}.md#part-one).\n`
  const list = Object.keys(files).map((path) => `- [${path}](${path}#part-one)`).join('\n')
  expect(await errorsOf(skill('many', { ...files, 'SKILL.md': `${head('many')}# Demo\n\n${list}\n` }))).toEqual([])
})

test('linked skill folders are found once, whatever leads to them', options, async () => {
  const found = async (path: string) => (JSON.parse((await run([path, '--format', 'json'])).stdout) as { path: string }[]).map((file) => file.path)
  skill('store/one', { 'SKILL.md': `${head('one')}# One\n` })
  skill('agent/skills', {})
  symlinkSync(join(folder, 'store/one'), join(folder, 'agent/skills/one'))
  symlinkSync(folder, join(folder, 'agent/skills/up'))
  expect(await found('agent')).toEqual(['agent/skills/one/SKILL.md'])
  symlinkSync('one', join(folder, 'store/two'))
  expect(await found('store')).toEqual(['store/one/SKILL.md'])
})

const rules = /^validate: --rule frontmater-keys: there is no such rule; did you mean frontmatter-keys\?\n$/
test.for<[string, () => string[], string | RegExp]>([
  ['a path that is not there', () => ['nowhere'], 'nowhere: there is no such file or folder'],
  ['a path below a file', () => [`${withBody('file', 'x')}/SKILL.md/x`], 'file/SKILL.md/x: there is no such file or folder'],
  ['not a folder', () => [`${skill('text', { 'a.txt': 'x' })}/a.txt`], "text/a.txt: not a folder; give a skill's folder, a folder of skills or a SKILL.md"],
  ['no SKILL.md', () => [skill('nothing', { 'a.txt': 'x' })], 'nothing: nothing to check; there is no SKILL.md here or in the folders below'],
  ['one of two paths with nothing', () => [withBody('good', 'x'), skill('nothing2', {})], 'nothing2: nothing to check; there is no SKILL.md here or in the folders below'],
  ['an unknown option', () => ['--qiet'], 'unknown option --qiet; did you mean --quiet?'],
  ['an unknown short option', () => ['-z'], "Unknown option '-z'; see --help"],
  ['an option without its value', () => ['--format'], "Option '--format <value>' argument missing; see --help"],
  ['an unknown format', () => ['--format', 'jsn'], '--format jsn: not one of pretty, json, github, sarif; did you mean json?'],
  ['an unknown profile', () => ['--profile', 'spec,claud'], '--profile claud: not one of spec, claude, upload; did you mean claude?'],
  ['an unknown rule', () => ['--rule', 'frontmater-keys'], rules],
  ['a missing config', () => ['--config', 'none.json'], 'none.json: the configuration cannot be read (ENOENT); check the path'],
  ['a config that is no JSON', () => ['--config', `${skill('config', { 'a.json': '{\n\n"rules" }' })}/a.json`], /^validate: config\/a\.json: not JSON \([^\n]+\); correct it\n$/],
  ['a config with an unknown setting', () => ['--config', `${skill('config', { 'b.json': '{"rule": {}}' })}/b.json`], 'config/b.json: there is no setting "rule"; correct it'],
  ['a config with an unknown level', () => ['--config', `${skill('config', { 'c.json': '{"rules": {"links": "loud"}}' })}/c.json`], 'config/c.json: "rules.links": one of off, info, warning, error is due; correct it'],
  ['a config with an unknown profile', () => ['--config', `${skill('config', { 'd.json': '{"profiles": ["gpt"]}' })}/d.json`], 'config/d.json: "profiles.0": one of spec, claude, upload is due; correct it'],
  ['a config with a wrong budget', () => ['--config', `${skill('config', { 'e.json': '{"budgets": {"skillTokens": -1}}' })}/e.json`], 'config/e.json: "budgets.skillTokens": a number above zero is due; correct it'],
  ['a config with an unknown rule', () => ['--config', `${skill('config', { 'f.json': '{"rules": {"linkz": "off"}}' })}/f.json`], 'config/f.json: there is no rule "linkz"; see --help for the list'],
  ['a config that is a list', () => ['--config', `${skill('config', { 'g.json': '[]' })}/g.json`], 'config/g.json: a mapping is due; correct it'],
])('what cannot run says so in one line and exits with 2: %s', options, async ([, args, expected]) => {
  const { code, stdout, stderr } = await run(args())
  if (typeof expected === 'string') expect(stderr).toBe(`validate: ${expected}\n`)
  else expect(stderr).toMatch(expected)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
})

test('a clean skill passes, as do arguments after --', options, async () => {
  const name = skill('--clean', { 'SKILL.md': `${head('clean').replace('name: clean', 'name: clean')}# Clean\n` })
  const { code, stdout } = await run(['--rule', 'readable', '--', name])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '1 skill, 1 file, 1 rule: 0 errors, 0 warnings: passed\n' })
})

test('warnings fail only with --strict', options, async () => {
  const name = skill('strict', { 'SKILL.md': `---\nname: strict\ndescription: Checks files.\nmodel: opus\n---\n\n# Demo\n` })
  expect((await run([name, '--rule', 'frontmatter-keys'])).code).toBe(0)
  expect((await run([name, '--rule', 'frontmatter-keys', '--strict'])).code).toBe(1)
  expect((await run([name, '--rule', 'frontmatter-keys', '--profile', 'upload'])).code).toBe(1)
})

test('many skills are checked in threads, with the findings of one', options, async () => {
  for (let i = 0; i < 90; i++) skill(`crowd/s${i}`, { 'SKILL.md': `---\nname: other\ndescription: Number ${i} of a crowd.\n---\n\n# S\n` })
  const { code, stdout } = await run(['crowd', '--rule', 'name-matches-folder', '--format', 'json'])
  const files = JSON.parse(stdout) as { path: string; messages: { reason: string }[] }[]
  expect(code).toBe(1)
  expect(files).toHaveLength(90)
  for (const { path, messages } of files) {
    expect(messages.map(({ reason }) => reason)).toEqual([`"name" is "other", but the folder is called "${path.split('/')[1]}"; make them equal`])
  }
})
