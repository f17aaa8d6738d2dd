import { expect, test } from 'vitest'
import { parseFrontmatter } from '../../scripts/core/frontmatter.ts'
import type { Prompt } from '../../scripts/core/triggers.ts'
import { negativeOf, promptOf } from '../testing.ts'
import { descriptionIn, promptFor } from './agent.ts'
import { problemOf, withDescription } from './description.ts'
import { insert, lexicalProposer } from './lexical.ts'
import { optimize, type OptimizeOptions } from './optimize.ts'
import type { Question } from './propose.ts'
import { lexicalScorer } from './score.ts'
import { checkSplit } from './split.ts'

const settings = { minimumScore: 0.5, rowMargin: 0.8 }
const catalog = [{ name: 'other', description: 'Pages and buttons.' }]
const prompts: Prompt[] = (['train', 'validation'] as const).flatMap((split) => [
  ...Array.from({ length: 8 }, (_, at) => promptOf({ id: `${split}-w${at}`, query: `webhook ${split} case${at}`, split })),
  ...Array.from({ length: 8 }, (_, at) => negativeOf('other', { id: `${split}-n${at}`, query: `buttons ${split} thing${at}`, split })),
])

function options(description: string): OptimizeOptions & { asked: Question[] } {
  const library = { skill: { name: 'ours', description }, catalog, routes: [] }
  const propose = lexicalProposer(library, prompts.filter(({ split }) => split === 'train'), settings.minimumScore)
  const asked: Question[] = []
  return {
    skill: library.skill, prompts, minimum: 3, rounds: 2, file: 't.json', score: lexicalScorer(library, prompts, settings), asked,
    propose: (question) => {
      asked.push(question)
      return propose(question)
    },
  }
}

test('a description that lost its word gets it back, and validation confirms the gain', async () => {
  const result = await optimize(options('Backends. Not for frontend.'))
  expect(result).toMatchObject({ outcome: 'improved', train: { before: 8, after: 16 }, validation: { gained: 8, lost: 0, p: 0.007813 } })
  expect(result.after).toBe('Backends, webhook. Not for frontend.')
})

test('a good description is left alone', async () => {
  expect(await optimize(options('Backends, webhook.'))).toMatchObject({ outcome: 'left alone', reason: 'no train prompt went wrong' })
})

test('a gain on train that validation does not show is noise', async () => {
  const given = { ...options('Backends.'), propose: async () => 'Backends, case0.' }
  expect(await optimize(given)).toMatchObject({ outcome: 'left alone', reason: 'the gain is within noise: 1 validation prompts gained, 0 lost, p = 1.000' })
})

test('a proposal that is too long is refused, not scored', async () => {
  const given = { ...options('Backends.'), propose: async () => 'x'.repeat(1025) }
  const { tried } = await optimize(given)
  expect(tried[1]).toMatchObject({ problem: 'it has 1025 characters, 1024 are allowed' })
})

test('validation prompts never reach what proposes', async () => {
  const given = options('Backends.')
  await optimize(given)
  expect(given.asked.length).toBeGreaterThan(0)
  const shown = given.asked.map((question) => JSON.stringify(question) + promptFor(question)).join('\n')
  expect(shown).toContain('webhook train case0')
  for (const { query } of prompts.filter(({ split }) => split === 'validation')) expect(shown).not.toContain(query)
})

test('a degenerate split is refused', () => {
  expect(() => checkSplit(prompts, 8, 't.json')).not.toThrow()
  expect(() => checkSplit(prompts.filter(({ split }) => split === 'train'), 3, 't.json'))
    .toThrow('t.json: degenerate split, 0 prompts that should load the skill in validation and 2 more like it; at least 3 of each are due, add prompts or lower --minimum')
  const twin = promptOf({ id: 'twin', query: 'Webhook train, case0!', split: 'validation' })
  expect(() => checkSplit([...prompts, twin], 3, 't.json')).toThrow('twin in validation repeats train-w0 in train')
})

test.each([
  ['description: plain text', 'plain'], ['description: "quoted: text"', 'double quotes'], ['description: >-\n  folded\n  text', 'folded'],
])('only the description changes: %s', (field) => {
  const text = `---\nname: ours # keep\n${field}\nlicense: MIT\n---\n\n# Body\n---\n`
  const changed = withDescription('SKILL.md', text, 'New: "one", it\'s.')
  expect(changed).toBe(`---\nname: ours # keep\ndescription: "New: \\"one\\", it's."\nlicense: MIT\n---\n\n# Body\n---\n`)
  expect(parseFrontmatter(changed)).toMatchObject({ problems: [], data: { description: 'New: "one", it\'s.' } })
})

test('what cannot be replaced safely is left to a person', () => {
  expect(() => withDescription('SKILL.md', '# no frontmatter', 'x')).toThrow('SKILL.md: its description cannot be replaced safely; write it by hand')
})

test('proposals are read and checked', () => {
  expect(descriptionIn('so <description>a</description> or\n<description> b\n c </description>')).toBe('b c')
  expect(descriptionIn('none')).toBeUndefined()
  expect([problemOf('ok'), problemOf(' '), problemOf('a <b>')]).toEqual([undefined, 'it is empty', 'it holds an angle bracket'])
  expect([insert('A.', 'x'), insert('A. Not for b.', 'x'), insert('A', 'x')]).toEqual(['A, x.', 'A, x. Not for b.', 'A, x.'])
})
