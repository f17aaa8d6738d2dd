import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { visit } from 'unist-util-visit'
import { expect, test } from 'vitest'
import { estimate, parseMarkdown, sections } from './markdown.ts'

const root = join(import.meta.dirname, '../..')
const dense = 'too many Markdown delimiters, words or lines without a blank line between; split the block'
const long = 'too many lines, lists or links for one document; split the file'
const parseProblem = (text: string) => estimate(text).problem
const deep = 'more than 100 nested lists or quotes; flatten them'

test.each<[string, string, string]>([
  ['brackets', '['.repeat(100_000), dense],
  ['link openings', '[a]('.repeat(50_000), dense],
  ['emphasis', '*a_ '.repeat(40_000), dense],
  ['emphasis in lines that only look like a table', `${'| *a_ *a_ *a_ *a_\n'.repeat(5_000)}`, dense],
  ['emphasis below a line that only looks like a delimiter row', `| a | b |\n|---|\n${'| *a_ *a_ *a_ *a_\n'.repeat(5_000)}`, dense],
  ['emphasis in lines that only look like headings', '#a *a_ *a_ *a_\n'.repeat(5_000), dense],
  ['emphasis in numbers that start no list', `a\n${'2. *a_ *a_ *a_\n'.repeat(5_000)}`, dense],
  ['emphasis in items that are indented too far', `a\n${'     - *a_ *a_ *a_\n'.repeat(5_000)}`, dense],
  ['emphasis after a fence closed with an indent', `\`\`\`\n  \`\`\`\n${'*a_ '.repeat(20_000)}`, dense],
  ['emphasis after fences on one line to split("\\n")', `~~~\r~~~\r${'*a_ '.repeat(20_000)}`, dense],
  ['backticks of every length', Array.from({ length: 700 }, (_, i) => '`'.repeat(i)).join(' '), dense],
  ['comment openings', '<!--'.repeat(50_000), dense],
  ['words after a bracket', `[${'a b '.repeat(20_000)}`, dense],
  ['brackets that close nothing', ']( a\n'.repeat(4_000), dense],
  ['lines of one paragraph', 'a\n'.repeat(20_000), dense],
  ['paragraphs', 'a\n\n'.repeat(60_000), long],
  ['paragraphs of a space that is none', '\u00a0\n\n'.repeat(60_000), long],
  ['lists in lists', '- a\n  - b\n'.repeat(4_000), long],
  ['lists started anew', '- - [a](#a)\n'.repeat(4_000), long],
  ['quotes', '> a\n\n'.repeat(4_000), long],
  ['footnotes', '[^a]: 1. b\n\n'.repeat(4_000), long],
  ['underlined headings', 'a\n\nb\n=\n\n'.repeat(2_000), long],
  ['lazy lines below a deep quote', `${'>'.repeat(90)} a\n${'b\n'.repeat(5_000)}`, long],
  ['white space in a comment', `<!--${'\n\n\r\n'.repeat(20_000)}`, long],
  ['comments in a comment', `<!--\n${'<!--- a\n'.repeat(3_000)}`, dense],
  ['addresses', 'www.a.b '.repeat(30_000), long],
])('refuses %s', (_, text, reason) => {
  expect(parseProblem(text)?.reason).toBe(reason)
})

test.each([['quotes', '> '], ['lists', '- '], ['numbers', '1. '], ['footnotes', '[^a]: '], ['all of them', '> - 1. [^a]: ']])('refuses deep %s, accepts ordinary ones', (_, marker) => {
  expect(parseProblem(`a\n\n${marker.repeat(20_000)}x`)).toEqual({ reason: deep, line: 3 })
  expect(parseProblem(`${marker.repeat(10)}x`)).toBeUndefined()
})

test('names the line of the worst block', () => {
  expect(parseProblem(`# A\n\ntext\n\n- a\n\n${'*a_ '.repeat(20_000)}\n\nend`)).toEqual({ reason: dense, line: 7 })
})

test.each<[string, string]>([
  ['a table of 500 rows with links', `| a | b | c |\n|---|:-:|--:|\n${'| [a](b) | `c` | **d** |\n'.repeat(500)}`],
  ['a list of 3,000 links', '- [File](references/file.md#part-one)\n'.repeat(3_000)],
  ['3,000 lines of code', `\`\`\`ts\n${'const a = b[c] * d[e]\n'.repeat(3_000)}\`\`\`\n`],
  ['2,000 paragraphs', 'Some *words* about `it`, with [a link](b.md).\n\n'.repeat(2_000)],
  ['300 sections with nested lists', '## Title\n\n- a\n  - b\n  - c\n- d\n\n1. e\n2. f\n\n> note\n\n'.repeat(300)],
])('accepts %s', (_, text) => {
  expect(parseProblem(text)).toBeUndefined()
})

test('accepts the documents of this repository and the READMEs of its packages', () => {
  const files = globSync(['*.md', 'references/*.md', 'node_modules/*/{README,readme}.md'], { cwd: root })
  const refused = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return text.length < 262_144 && parseProblem(text)
  })
  expect(files.length).toBeGreaterThan(100)
  expect(refused).toEqual([])
})

test('every node has a position, also those that remark makes of plain addresses', () => {
  const text = '# T\n\n[www.[ a www.a.b c@d.e, f@g.h\n\n| www.i.j |\n|-|\n| k@l.m |\n'
  visit(parseMarkdown(text), (node) => {
    expect(node.position).toBeDefined()
    if (node.type === 'link') expect(text.slice(node.position!.start.offset, node.position!.end.offset)).toBe(node.url.replace(/^(?:mailto:|http:\/\/)/, ''))
  })
})

test('anchors are those of GitHub', () => {
  const text = '# A & B\n\n## A & B\n\n`foo()` *bar*\n===\n\n## 🚀 Launch it\n\n## Über uns_x\n\n## <a id="x"></a> Named ![image](i.png)\n'
  expect(sections(parseMarkdown(text)).map(({ slug }) => slug)).toEqual(['a--b', 'a--b-1', 'foo-bar', '-launch-it', 'über-uns_x', '-named-'])
})
