import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { parseFrontmatter } from '../core/frontmatter.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './frontmatter-syntax.ts'

testFixtures(rule, {
  'error-alias-bomb.md': ['SKILL.md:2:1 more than 20 YAML aliases; write the values out'],
  'error-alias-many.md': ['SKILL.md:26:8 more than 20 YAML aliases; write the values out'],
  'error-alias-recursive.md': ['SKILL.md:5:9 the alias "*m" refers to itself; write the value out'],
  'error-ampersand.md': ['SKILL.md:3:14 "description" starts with "&", which is YAML syntax; put the value in quotes'],
  'error-apostrophe-in-quotes.md': ['SKILL.md:3:18 text follows the closing quote of "description"; put the whole value in one pair of quotes'],
  'error-at.md': ['SKILL.md:3:14 "description" starts with "@", which is YAML syntax; put the value in quotes'],
  'error-backtick.md': ['SKILL.md:3:14 "description" starts with "`", which is YAML syntax; put the value in quotes'],
  'error-bad-escape.md': ['SKILL.md:3:17 "\\d" is no escape in double quotes; write the backslash twice or use single quotes'],
  'error-bracket.md': ['SKILL.md:3:14 "description" starts with "[", which is YAML syntax; put the value in quotes'],
  'error-colon-at-end.md': ['SKILL.md:3:14 "description" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes'],
  'error-colon-in-metadata.md': ['SKILL.md:5:9 "note" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes'],
  'error-colon-on-next-line.md': ['SKILL.md:3:14 "description" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes'],
  'error-colon.md': ['SKILL.md:3:14 "description" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes'],
  'error-duplicate-nested.md': ['SKILL.md:6:3 "a" is given twice, on line 5 and on line 6; keep one'],
  'error-duplicate.md': ['SKILL.md:5:1 "name" is given twice, on line 2 and on line 5; keep one'],
  'error-empty-frontmatter.md': ['SKILL.md:2:1 the frontmatter is not a list of "key: value" lines; write at least name and description, with a space after each colon'],
  'error-engine-coffee.md': ['SKILL.md:1:1 the frontmatter fence is "---coffee"; write a bare "---", other engines are refused and never run'],
  'error-engine-javascript.md': ['SKILL.md:1:1 the frontmatter fence is "---javascript"; write a bare "---", other engines are refused and never run'],
  'error-engine-js.md': ['SKILL.md:1:1 the frontmatter fence is "---js"; write a bare "---", other engines are refused and never run'],
  'error-engine-json.md': ['SKILL.md:1:1 the frontmatter fence is "---json"; write a bare "---", other engines are refused and never run'],
  'error-engine-space-js.md': ['SKILL.md:1:1 the frontmatter fence is "--- js"; write a bare "---", other engines are refused and never run'],
  'error-exclamation.md': ['SKILL.md:3:14 the YAML tag "!important" asks a parser to build something else than text; remove it'],
  'error-hash-first.md': ['SKILL.md:3:14 " #" starts a YAML comment, so "description" is empty; put the value in quotes'],
  'error-hash-in-the-middle.md': ['SKILL.md:3:14 " #" starts a YAML comment in the middle of "description"; put the value in quotes'],
  'error-hash.md': ['SKILL.md:3:26 " #" starts a YAML comment, so "description" is cut to "Fixes issue"; put the value in quotes'],
  'error-indentation.md': ['SKILL.md:6:1 YAML cannot read this line (All mapping items must start at the same column); quote the value or correct the indentation'],
  'error-list.md': ['SKILL.md:2:1 the frontmatter is not a list of "key: value" lines; write at least name and description, with a space after each colon'],
  'error-no-colon.md': ['SKILL.md:4:1 this line is neither "key: value" nor indented as part of the value above; correct it'],
  'error-no-frontmatter.md': ['SKILL.md:1:1 the file does not start with "---"; begin it with YAML frontmatter that has name and description'],
  'error-no-space-after-colon.md': ['SKILL.md:2:1 the frontmatter is not a list of "key: value" lines; write at least name and description, with a space after each colon'],
  'error-not-first.md': ['SKILL.md:1:1 the frontmatter does not start on line 1, column 1; delete what stands before "---"'],
  'error-only-comment.md': ['SKILL.md:2:1 the frontmatter is not a list of "key: value" lines; write at least name and description, with a space after each colon'],
  'error-percent.md': ['SKILL.md:3:14 "description" starts with "%", which is YAML syntax; put the value in quotes'],
  'error-quote-left-open.md': ['SKILL.md:3:14 the quote that opens this value never closes; close it'],
  'error-star-alone.md': ['SKILL.md:3:14 "description" starts with "*", which is YAML syntax; put the value in quotes'],
  'error-star.md': ['SKILL.md:3:14 "description" starts with "*", which is YAML syntax; put the value in quotes'],
  'error-tab.md': ['SKILL.md:3:1 a tab indents this line; YAML takes spaces only'],
  'error-tag-binary.md': ['SKILL.md:3:14 the YAML tag "!!binary" asks a parser to build something else than text; remove it'],
  'error-tag-js.md': ['SKILL.md:3:14 the YAML tag "!!js/function" asks a parser to build something else than text; remove it'],
  'error-tag-python.md': ['SKILL.md:4:11 the YAML tag "!!python/object:os.system" asks a parser to build something else than text; remove it'],
  'error-text-after-quote.md': ['SKILL.md:3:23 text follows the closing quote of "description"; put the whole value in one pair of quotes'],
  'error-two-colons.md': [
    'SKILL.md:3:14 "description" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes',
    'SKILL.md:4:16 "compatibility" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes',
  ],
  'error-two-documents.md': ['SKILL.md:3:1 a line that starts with "---" cuts the YAML here; indent it or put it in quotes'],
  'error-unclosed.md': ['SKILL.md:1:1 the frontmatter is never closed; add a line "---" after the last field'],
  'valid-aliases.md': [],
  'valid-colon-in-quotes.md': [],
  'valid-colon-in-word.md': [],
  'valid-comment-after-name.md': [],
  'valid-comment-lines.md': [],
  'valid-dashes-at-line-start.md': [],
  'valid-dashes-in-value.md': [],
  'valid-folded.md': [],
  'valid-hash-in-quotes.md': [],
  'valid-hash-in-word.md': [],
  'valid-multiline-plain.md': [],
  'valid-same-key-in-two-maps.md': [],
  'valid-spaces-after-fence.md': [],
})

const fieldsAfterFix = async (fields: string) => {
  const text = skillMd('', fields)
  const found = await runRule(rule, loadBundle(folderWith({ 'SKILL.md': text })), defaults)
  const [fix] = found.flatMap(([, message]) => message.fix ?? [])
  return parseFrontmatter(text.slice(0, fix!.start) + fix!.text + text.slice(fix!.end))
}

test.each([
  ['Use when: it "breaks" in C:\\x.', 'Use when: it "breaks" in C:\\x.'],
  ['Use when:', 'Use when:'],
  ['Use it\n  when: it breaks', 'Use it when: it breaks'],
  ['Use it\n\n  when: it breaks', 'Use it\nwhen: it breaks'],
  ['Fixes issue #12 of it', 'Fixes issue #12 of it'],
  ['Fixes issue #12\n  of it', 'Fixes issue #12 of it'],
  ['#12 is fixed', '#12 is fixed'],
  ['*bold* words', '*bold* words'],
  ['*bold', '*bold'],
  ['&co words', '&co words'],
  ['@someone words', '@someone words'],
  ['[draft] words', '[draft] words'],
  ['%d words', '%d words'],
])('the correction of "description: %s" keeps every character', async (value, expected) => {
  const { data, problems } = await fieldsAfterFix(`name: demo\ndescription: ${value}\nlicense: MIT`)
  expect(problems).toEqual([])
  expect(data).toEqual({ name: 'demo', description: expected, license: 'MIT' })
})

test('a cut description is a warning, since YAML itself is right', async () => {
  const found = await runRule(rule, loadBundle(folderWith({ 'SKILL.md': skillMd('', 'description: a #b') })), defaults)
  expect(found.map(([, { severity, expected }]) => ({ severity, expected }))).toEqual([{ severity: 'warning', expected: ['"a #b"'] }])
})

test('a byte order mark and CRLF are accepted, and positions are those of the file', async () => {
  const fields = 'name: demo\r\ndescription: one\r\n  two\r\n'
  const crlf = (text: string) => folderWith({ 'SKILL.md': `\uFEFF---\r\n${text}---\r\n\r\n# Demo\r\n` })
  const { skill } = loadBundle(crlf(fields))
  expect(skill.bom).toBe(true)
  expect(skill.frontmatter!.data).toEqual({ name: 'demo', description: 'one two' })
  expect(skill.sections[0]!.heading.position!.start.line).toBe(7)
  expect(await findingsIn(rule, crlf(fields))).toEqual([])
  expect(await findingsIn(rule, crlf('name: demo\r\ndescription: a: b\r\n'))).toEqual([
    'SKILL.md:3:14 "description" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes',
  ])
})

test('lone carriage returns are named', async () => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': '---\rname: demo\r---\r' }))).toEqual([
    'SKILL.md:1:1 the lines end with a lone carriage return; save the file with LF or CRLF line ends',
  ])
})

test('values are not cut at a line that starts with "---" inside them', () => {
  const { data, problems } = parseFrontmatter('---\ndescription: |\n  one\n  ---\n  two --- three\nlicense: "\n  ---x"\n---\nbody')
  expect(problems).toEqual([])
  expect(data).toEqual({ description: 'one\n---\ntwo --- three\n', license: ' ---x' })
})

test.each([
  ['more than 16,384 characters', `a: ${'x'.repeat(16_384)}`, 'SKILL.md:1:1 the frontmatter has 16387 characters, the limit is 16384; move text below the closing "---"'],
  ['flow nesting', `a: ${'['.repeat(7_000)}${']'.repeat(7_000)}`, 'SKILL.md:2:1 the YAML is nested more than 100 levels deep; flatten it'],
  ['open flow nesting', `a: ${'{a: '.repeat(4_000)}`, 'SKILL.md:2:1 the YAML is nested more than 100 levels deep; flatten it'],
  ['101 levels', `a: ${'['.repeat(101)}${']'.repeat(101)}`, 'SKILL.md:2:104 the YAML is nested more than 100 levels deep; flatten it'],
])('%s is one finding', async (_, yaml, expected) => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skillMd('', yaml) }))).toEqual([expected])
})

test('a hundred levels are read', async () => {
  const yaml = `name: demo\na: ${'['.repeat(100)}${']'.repeat(100)}`
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skillMd('', yaml) }))).toEqual([])
})

/** Source that would leave a trace in this process if any engine ran it. */
const code = (mark: string) => `(globalThis.${mark} = true, { name: "demo", description: "x" })`

test.each(['js', 'javascript', 'coffee', ' js', '\tjavascript', 'json', 'toml', ' JS', 'yaml'])('"---%s" is refused and never runs', async (language) => {
  const root = folderWith({ 'SKILL.md': `---${language}\n${code('executed')}\n---\n` })
  const [found, ...rest] = await findingsIn(rule, root)
  expect(found).toMatch(/^SKILL\.md:1:1 the frontmatter fence is ".*"; write a bare "---", other engines are refused and never run$/)
  expect(rest).toEqual([])
  expect(loadBundle(root).skill.frontmatter!.data).toEqual({})
  expect(globalThis).not.toHaveProperty('executed')
})

test.each([
  '!!js/function "function () { globalThis.executed = true }"',
  '!!js/regexp /x/',
  '!!js/undefined ""',
  '!!python/object/apply:os.system ["touch /tmp/executed"]',
  '!!python/object:builtins.eval x',
  '!<tag:yaml.org,2002:js/function> "x"',
  '!!set {a, b}',
  '!!binary aGVsbG8=',
  '!local x',
])('the YAML tag in "%s" never passes', async (value) => {
  const root = folderWith({ 'SKILL.md': skillMd('', `name: demo\ndescription: ${value}`) })
  expect(await findingsIn(rule, root)).toEqual([expect.stringContaining('SKILL.md:3:14 the YAML tag "!')])
  expect(loadBundle(root).skill.frontmatter!.data).toEqual({})
  expect(globalThis).not.toHaveProperty('executed')
})

test('a second parse finds the same; gray-matter would return its cached empty result', async () => {
  for (const name of fixturesOf(rule)) {
    const first = await onFixture(rule, name)
    expect(await onFixture(rule, name), name).toEqual(first)
  }
  const broken = '---\nname: [\n---\n'
  expect(parseFrontmatter(broken).problems).toHaveLength(1)
  expect(parseFrontmatter(broken)).toEqual(parseFrontmatter(broken))
})

test('results do not share state', () => {
  const text = skillMd('')
  parseFrontmatter(text).data.name = 'changed'
  expect(parseFrontmatter(text).data.name).toBe('demo')
})
