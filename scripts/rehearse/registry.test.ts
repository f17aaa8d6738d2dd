import { expect, test } from 'vitest'
import { documentOf } from '../fences/documents.ts'
import { unaccounted, freshOutcome } from './engine/account.ts'
import { chosen } from './engine/command.ts'
import { guideOf, readGuide } from './engine/guide.ts'
import type { Outcome } from './engine/rehearsal.ts'
import { jsonReport, prettyReport } from './engine/report.ts'
import { rehearsals } from './registry.ts'

test('every runbook has its rehearsal, in the same order, and the reverse', () => {
  const names = rehearsals.map(({ runbook }) => runbook)
  expect(names.length).toBeGreaterThan(15)
  expect(names).toEqual(readGuide().runbooks.map(({ name }) => name))
})

test('an unknown name is answered with the nearest', () => {
  expect(() => chosen(['redis-dwn'])).toThrow('no runbook is called redis-dwn; did you mean redis-down? --list names all')
  expect(chosen(['redis-down', 'redis-down']).map(({ runbook }) => runbook)).toEqual(['redis-down'])
  expect(chosen([])).toBe(rehearsals)
})

const start = '# R\n\n## First five minutes\n\n```sh\nm() { echo "$1"; }\ncurl x\n```\n\n## Group\n\n'
const guide = (text: string) => guideOf(documentOf('references/fake.md', `${start}${text}`))
const full = '### A b\n\nLog `x failed`.\n\n```sql\nselect 1\n```\n\n- Fix it (B), then (D):\n\n```sh\necho mend\n```\n\n- `late`: restart (B).\n'

test('a runbook is symptoms, a first block and steps of a class', () => {
  const { functions, runbooks } = guide(full)
  expect(functions).toBe('m() { echo "$1"; }')
  expect(runbooks).toMatchObject([{
    name: 'a-b', symptoms: ['x failed'], confirm: { lang: 'sql' }, more: [{ lang: 'sh' }],
    steps: ['Fix it', 'then', '`late`: restart'],
  }])
})

test.each([
  ['### A\n\nText.\n', 'references/fake.md:12 "A" has no block that confirms it; write one that prints only when the answer is yes'],
  ['### A\n\n```sql\nselect 1\n```\n', 'references/fake.md:12 "A" does not begin with its symptoms; write a paragraph of them'],
  ['', 'references/fake.md has no runbook; each is a heading of level 3'],
])('a runbook without its form is refused: %j', (text, message) => {
  expect(() => guide(text)).toThrow(message)
})

test('a guide without the functions is refused', () => {
  expect(() => guideOf(documentOf('references/fake.md', '# R\n'))).toThrow('has no block in "First five minutes"')
})

test('what was neither carried out nor excused is named, and nothing else', () => {
  const [runbook] = guide(full).runbooks
  const of = (rehearsed: string[], unrehearsed: Record<string, string>) =>
    ({ ...freshOutcome({ runbook: 'a-b', fault: '', unrehearsed, play: async () => {} }), rehearsed })
  const done = new Set([runbook!.confirm])
  expect(unaccounted(runbook!, of(['Fix it'], { then: 'why', gone: 'why' }), { text: '', done })).toEqual([
    'references/fake.md:22 was neither run nor excused; run it in the rehearsal of a-b',
    'a-b: "`late`: restart" was neither carried out nor excused',
    'a-b: nobody saw the symptom x failed; correct it or say why',
    'a-b does not say "gone"; remove the excuse',
  ])
  const all = { text: 'x failed', done: new Set([runbook!.confirm, ...runbook!.more]) }
  expect(unaccounted(runbook!, of(['Fix it', 'then'], { restart: 'why' }), all)).toEqual([])
})

test('the report shows times, what failed and what was left out', () => {
  const base = { fault: 'x breaks', rehearsed: [], detectMs: 1_234, recoverMs: 60 }
  const outcomes: Outcome[] = [
    { ...base, runbook: 'a', ok: true, unrehearsed: { 'restore it': 'destructive' } },
    { ...base, runbook: 'bb', ok: false, recoverMs: undefined, problem: 'it stays broken', unrehearsed: {} },
  ]
  expect(prettyReport(outcomes)).toBe(`runbook  detect  recover  fault
✔ a       1.2 s    0.1 s  x breaks
✖ bb      1.2 s        –  x breaks

Not rehearsed, and why
  a: "restore it": destructive

✖ bb: it stays broken

2 rehearsals, 1 failed
`)
  expect(JSON.parse(jsonReport(outcomes))).toMatchObject({ ok: false, rehearsals: [{ runbook: 'a', detectMs: 1_234 }, {}] })
})
