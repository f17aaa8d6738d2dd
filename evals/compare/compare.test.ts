import { expect, test } from 'vitest'
import { UsageError } from '../../scripts/core/config.ts'
import { compare, worst } from './compare.ts'
import type { Side, SideGroup } from './side.ts'
import { terminal } from './terminal.ts'

type Runs = (string | null)[]

/** Positives `p0 …` and negatives `n0 …` whose runs are given, `ours` being the skill. */
function side(label: string, positives: Runs[], negatives: Runs[] = [], fields: Partial<Side> = {}, group: Partial<SideGroup> = {}): Side {
  const rows = [...positives.map((runs, at) => ({ id: `p${at}`, runs })), ...negatives.map((runs, at) => ({ id: `n${at}`, runs }))]
  return {
    label, skill: 'ours', description: `of ${label}`, notes: [],
    prompts: new Map(rows.map(({ id }) => [id, { id, query: `text ${id}`, should_trigger: id.startsWith('p'), symptom: null }])),
    groups: [{ client: 'codex', model: null, arm: 'crowded', control: true, runs: new Map(rows.map(({ id, runs }) => [id, runs])), ...group }],
    ...fields,
  }
}

const [hit, miss, none]: Runs[] = [['ours'], [''], [null]]
const times = (n: number, runs: Runs): Runs[] => Array.from({ length: n }, () => runs)
const measures = (a: Side, b: Side) => compare(a, b).groups[0]!.measures

test('seven prompts gained and none lost is better, the other way round worse', () => {
  const [a, b] = [side('a', [...times(7, miss!), ...times(5, hit!)]), side('b', times(12, hit!))]
  expect(measures(a, b)).toEqual([expect.objectContaining({
    id: 'recall', verdict: 'better', pairs: { both: 5, lost: 0, gained: 7, neither: 0 }, unclear: 0, p: expect.closeTo(2 / 2 ** 7, 10),
  })])
  expect(compare(b, a)).toMatchObject({ verdict: 'worse', groups: [{ measures: [{ verdict: 'worse', pairs: { lost: 7 } }] }] })
})

test('five prompts are too few to tell, however clear they look', () => {
  expect(measures(side('a', times(5, miss!)), side('b', times(5, hit!)))[0]).toMatchObject({ verdict: 'INCONCLUSIVE', p: 0.0625 })
})

test('many prompts that stay the same show that nothing changed; few do not', () => {
  const of = (n: number) => side('x', [...times(n, hit!), ...times(n, miss!)])
  expect(compare(of(60), of(60)).verdict).toBe('no difference shown')
  expect(compare(of(5), of(5)).verdict).toBe('INCONCLUSIVE')
  expect(compare(of(60), of(60), 0.01).verdict).toBe('INCONCLUSIVE')
})

test('a prompt that should not load is right when another skill or nothing loads', () => {
  const [a, b] = [side('a', [], [...times(8, hit!), ['other'], ['']]), side('b', [], times(10, ['']))]
  expect(measures(a, b)[0]).toMatchObject({ id: 'left-alone', verdict: 'better', pairs: { gained: 8, both: 2 } })
})

test('more load where they should, and where they should not: worse decides', () => {
  const [a, b] = [side('a', times(12, miss!), times(12, miss!)), side('b', times(12, hit!), times(12, hit!))]
  expect(compare(a, b).groups[0]!.measures.map(({ verdict }) => verdict)).toEqual(['better', 'worse'])
  expect(compare(a, b).verdict).toBe('worse')
})

test('runs of one prompt are one vote; equal votes and errors are none', () => {
  const a = side('a', [['ours', 'ours', ''], ['ours', '', null], [null, null], ['', '', 'ours']])
  const b = side('b', [['', '', 'ours'], ['ours', 'ours'], ['ours'], ['ours', 'ours', null]])
  const [group] = compare(a, b).groups
  expect(group!.measures[0]).toMatchObject({ pairs: { both: 0, lost: 1, gained: 1, neither: 0 }, unclear: 2, verdict: 'INCONCLUSIVE' })
  expect(group!.changes.map(({ id, change }) => `${id} ${change}`)).toEqual(['p0 lost', 'p1 unclear', 'p2 unclear', 'p3 gained'])
  expect(group!.changes[0]).toMatchObject({ query: 'text p0', a: { right: 2, runs: 3 }, b: { right: 1, runs: 3 } })
})

test('too many prompts without an answer decide nothing, errors are no losses', () => {
  const [a, b] = [side('a', times(40, hit!)), side('b', [...times(30, hit!), ...times(10, none!)])]
  expect(measures(a, b)[0]).toMatchObject({ verdict: 'INCONCLUSIVE', pairs: { both: 30, lost: 0 }, unclear: 10 })
})

test('a client that was never seen to load the skill decides nothing', () => {
  const result = compare(side('a', times(12, hit!)), side('b', times(12, miss!), [], {}, { control: false }))
  expect(result).toMatchObject({ verdict: 'INCONCLUSIVE', notes: ['b: codex, crowded was never seen to load the skill, so it decides nothing'] })
})

test('p values are corrected for the number of measures', () => {
  const [a, b] = [side('a', times(6, miss!), times(20, miss!)), side('b', times(6, hit!), times(20, miss!))]
  expect(measures(a, b)[0]).toMatchObject({ p: 0.03125, adjusted: 0.0625, verdict: 'INCONCLUSIVE' })
})

test('prompts of one side are named and left out; the same id with another meaning is refused', () => {
  const result = compare(side('a', times(3, hit!)), side('b', times(2, hit!), [miss!]))
  expect(result).toMatchObject({ onlyInA: ['p2'], onlyInB: ['n0'] })
  expect(terminal(result)).toContain('note: 1 prompts are in a only and left out: p2')
  const other = side('b', [hit!])
  other.prompts.get('p0')!.query = 'another text'
  expect(() => compare(side('a', [hit!]), other)).toThrow(new UsageError('a and b mean different prompts by p0; compare results of the same prompts'))
  expect(() => compare(side('a', [hit!]), side('b', [], [hit!]))).toThrow('a and b share no prompt; compare results of the same prompts')
  expect(() => compare(side('a', [hit!]), side('b', [hit!], [], {}, { client: 'gemini' }))).toThrow('a and b share no client and arm')
})

test('two models are compared, and said to differ', () => {
  const [a, b] = [side('a', [hit!], [], {}, { model: 'x' }), side('b', [hit!], [], { description: 'of a' }, { model: 'y' })]
  expect(compare(a, b).notes).toEqual(['codex, crowded: the models differ, x and y', 'both sides have the same description'])
  const two = { ...a, groups: [a.groups[0]!, { ...a.groups[0]!, model: 'y' }] }
  expect(compare(two, b)).toMatchObject({ groups: [{ models: ['y', 'y'] }], notes: ['only in a: codex, crowded (x)', 'both sides have the same description'] })
})

test('one worse decides, then one better, then doubt', () => {
  expect(worst(['better', 'worse', 'INCONCLUSIVE'])).toBe('worse')
  expect(worst(['better', 'INCONCLUSIVE'])).toBe('better')
  expect(worst(['INCONCLUSIVE', 'no difference shown'])).toBe('INCONCLUSIVE')
  expect(worst(['no difference shown'])).toBe('no difference shown')
})

test('the table says what was lost and gained', () => {
  const text = terminal(compare(side('a', [...times(20, miss!), hit!]), side('b', [...times(20, hit!), ['', 'other', '']])))
  expect(text).toContain('codex, crowded: lost\n  p20: text p20\n    should load; A 1/1 right (ours); B 0/3 right (nothing, other)')
  expect(text).toContain('… and 5 more; see --verbose')
  expect(text).toMatch(/codex, crowded {2}should load {6}1\/21 {4}20\/21 {5}\+20 {4}−1 {8}0 {2}\+90\.5 \(.*\) {2}<0\.001 {2}better/)
  expect(text.split('\n').at(-1)).toBe('from A to B: better')
})
