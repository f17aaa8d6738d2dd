import { expect, test } from 'vitest'
import { documentOf, fencesIn, guideDocuments, type PlacedFence } from './documents.ts'
import { jsonProblems, shellProblems } from './syntax.ts'

const documents = guideDocuments()
const placed = (languages: string[]) => fencesIn(documents, languages).map((fence) => [fence.place, fence] as const)

test.each(placed(['json', 'jsonc']))('%s is JSON', (_, fence) => {
  expect(jsonProblems(fence)).toEqual([])
})

test.each(placed(['sh', 'bash']))('%s is shell', (_, fence) => {
  expect(shellProblems(fence)).toEqual([])
})

test.each([
  ['json', '{ "a": 1 }', []],
  ['json', '{ "a": 1, }', [/^fake\.md:3 is no JSON: .*; name the language jsonc$/]],
  ['json', '{ "url": "https://x" } // why', [/^fake\.md:3 is no JSON: .*; name the language jsonc$/]],
  ['json', '{ a }', [/^fake\.md:3 is no JSON: (?!.*jsonc)/]],
  ['jsonc', '{\n  // why\n  "url": "https://x", /* b */\n}', []],
  ['jsonc', '{ a }', [/^fake\.md:3 is no JSON: /]],
])('a fake %s fence: %s', (lang, code, problems) => {
  expect(jsonProblems(fakeFence(lang, code))).toEqual(problems.map((problem) => expect.stringMatching(problem)))
})

test.each([
  ['diff <(echo a) <(echo b) && exit 9', []],
  ['true\nif true; then', [/^fake\.md:\d+ syntax error: unexpected end of file/]],
  ['true\necho "$(', [/^fake\.md:\d+ unexpected EOF while looking for matching/]],
])('a fake sh fence: %s', (code, problems) => {
  expect(shellProblems(fakeFence('sh', code))).toEqual(problems.map((problem) => expect.stringMatching(problem)))
})

function fakeFence(lang: string, code: string): PlacedFence {
  return fencesIn([documentOf('fake.md', `# Fake\n\n\`\`\`${lang}\n${code}\n\`\`\`\n`)], [lang])[0]!
}
