import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { documentOf, fencesIn } from '../documents.ts'
import { fencesOfGuide, guideOf } from './guide.ts'
import { execute } from './steps.ts'

const sh = (text: string) => `\n\n\`\`\`sh\n${text}\n\`\`\`\n\n`
const epics = [1, 2, 3, 4, 5].map((number) => `## Epic ${number}: part${sh(`echo ${number}`)}`)
const checkpoints = `## Checkpoints${sh('git tag')}${sh('git switch')}`

test('fences stand in the section they are under', () => {
  const guide = guideOf(documentOf('guide.md', `# Guide\n\n${checkpoints}${epics.join('')}`))
  expect(fencesOfGuide(guide).map(({ node }) => node.value)).toEqual([
    'git tag', 'git switch', 'echo 1', 'echo 2', 'echo 3', 'echo 4', 'echo 5',
  ])
})

test.each([
  ['an epic without a fence', checkpoints + epics.slice(0, 4).join(''), 'guide.md: "## Epic 5: …" has no fence to execute'],
  ['no way back', epics.join(''), 'guide.md: "## Checkpoints" needs the commit and the way back'],
])('%s', (_, text, message) => {
  expect(() => guideOf(documentOf('guide.md', text))).toThrow(message)
})

test('path= writes, merge= adds, sh stops at its first failure and says where it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'steps-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.json'), '{ "name": "a", "scripts": { "x": "1" } }')
  const follow = async (info: string, code: string) => {
    const [fence] = fencesIn([documentOf('guide.md', `# Guide\n\n\`\`\`${info}\n${code}\n\`\`\`\n`)])
    return execute(fence!, folder, { N: '7' })
  }
  await follow('json merge=a.json', '{ "name": "b", "scripts": { "y": "2" } }')
  expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toEqual({ name: 'b', scripts: { x: '1', y: '2' } })
  await follow('ts path=deep/b.ts', 'export {}')
  expect(readFileSync(join(folder, 'deep/b.ts'), 'utf8')).toBe('export {}\n')
  expect(await follow('sh', 'echo "$N"; cat deep/b.ts')).toBe('7\nexport {}\n')
  await expect(follow('sh', 'false | true\necho not reached')).rejects.toThrow(/^guide\.md:3 ends with 1: $/)
  await expect(follow('yaml', 'a: 1')).rejects.toThrow('guide.md:3 says neither path= nor merge=, and yaml cannot be run')
})
