import { expect, test } from 'vitest'
import { parsePrompts } from './triggers.ts'

const prompt = {
  id: 'one',
  query: 'webhook lost',
  should_trigger: true,
  symptom: 'webhook',
  expected_skill: 'demo',
  references: { required: ['a.md'], acceptable: [] },
  split: 'train',
}

test('our own format', () => expect(parsePrompts(JSON.stringify([prompt]), 'demo')).toEqual({ prompts: [prompt] }))

test('the plain format of other runners', () => {
  expect(
    parsePrompts('[{"query":"webhook lost","should_trigger":true},{"query":"css","should_trigger":false}]', 'demo'),
  ).toEqual({
    prompts: [
      {
        id: 'prompt-1',
        query: 'webhook lost',
        should_trigger: true,
        symptom: 'unsorted',
        expected_skill: 'demo',
        references: { required: [], acceptable: [] },
        split: 'validation',
      },
      {
        id: 'prompt-2',
        query: 'css',
        should_trigger: false,
        symptom: null,
        expected_skill: null,
        references: { required: [], acceptable: [] },
        split: 'validation',
      },
    ],
  })
})

test.each<[string, unknown, RegExp, number | undefined]>([
  ['an empty list', [], /at least one prompt is due/, undefined],
  ['no list', {}, /^the file: /, undefined],
  ['an unknown key', [{ ...prompt, sympton: 'x' }], /^prompt 1/, 0],
  [
    'an id that is no name',
    [prompt, { ...prompt, id: 'Two Words' }],
    /^prompt 2, id: lowercase words joined by hyphens are due/,
    1,
  ],
  [
    'a positive without symptom',
    [{ ...prompt, symptom: null }],
    /^prompt 1, symptom: a prompt that should trigger needs its symptom/,
    0,
  ],
  [
    'a negative with references',
    [{ ...prompt, should_trigger: false }],
    /^prompt 1, references.required: a prompt that should not trigger reads no reference/,
    0,
  ],
  ['another split', [{ ...prompt, split: 'test' }], /^prompt 1, split: /, 0],
  ['one id twice', [prompt, prompt], /^prompts 1 and 2 share the id "one"; rename one/, 1],
])('%s', (_, value, reason, index) => {
  const parsed = parsePrompts(JSON.stringify(value), 'demo') as { problem: string; index?: number }
  expect(parsed.problem).toMatch(reason)
  expect(parsed.index).toBe(index)
})

test.each(['', '{', 'null'])('text %j is a problem, not a crash', (text) =>
  expect(parsePrompts(text, 'demo')).toHaveProperty('problem'),
)
