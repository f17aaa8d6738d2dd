import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, skillMd } from '../scripts/core/testing.ts'
import type { Client } from './clients/client.ts'
import { json } from './report/json.ts'
import { ask, checkControl, runEvals } from './run-evals.ts'
import { promptOf } from './testing.ts'

const skillFile = join(import.meta.dirname, '../SKILL.md')
const skill = readFileSync(skillFile, 'utf8')

/** A copy of our skill without the clauses of the description (between `;`, `.` or `:`) that hold `word`. */
function skillWithout(word: string): string {
  const [, line] = /^(description:.*)$/m.exec(skill)!
  const cut = line!.split(/(?<=[;:.])\s+/).filter((clause) => !clause.toLowerCase().includes(word.toLowerCase()))
  const text = `${cut.join(' ').replace(/"$/, '')}"`
  return folderWith({ 'SKILL.md': skill.replace(line!, () => text) }, 'backend-design')
}

test('our skill meets its thresholds', async () => {
  const { verdict, checks } = await runEvals()
  expect(checks.filter(({ met }) => !met)).toEqual([])
  expect(verdict).toBe('pass')
})

test.each(['webhook', 'tRPC procedure', 'middleware order', 'migration', 'cron', 'timeout', 'logs', 'monorepo'])(
  'without its phrase on "%s" the gate fails',
  async (word) => {
    expect(skill).toContain(word)
    const whole = await runEvals()
    const { verdict, score, checks } = await runEvals({ skill: skillWithout(word) })
    expect(score.all.recall.hits).toBeLessThan(whole.score.all.recall.hits)
    expect(checks.filter(({ met }) => !met)).not.toEqual([])
    expect(verdict).toBe('fail')
  },
)

test('runs are equal byte for byte, and all prompts take less than a second', async () => {
  const runs: { text: string; took: number }[] = []
  for (let run = 0; run < 3; run++) {
    const started = performance.now()
    runs.push({ text: json(await runEvals()), took: performance.now() - started })
  }
  expect(new Set(runs.map(({ text }) => text)).size).toBe(1)
  expect(Math.min(...runs.map(({ took }) => took))).toBeLessThan(1_000)
  expect(JSON.parse(runs[0]!.text)).toMatchObject({ version: 1, skill: 'backend-design', client: { name: 'lexical' } })
})

test('progress goes from none to all', async () => {
  const seen: number[] = []
  const triggers = join(
    folderWith({
      't.json': '[{"query":"webhooks are lost","should_trigger":true},{"query":"hello","should_trigger":false}]',
    }),
    't.json',
  )
  await runEvals({ triggers, onProgress: (done, total) => seen.push(done, total) })
  expect(seen).toEqual([0, 2, 1, 2, 2, 2])
})

test('a split leaves the other out', async () => {
  const { score } = await runEvals({ split: 'validation' })
  expect(score.train).toBeUndefined()
  expect(score.validation).toEqual(score.all)
})

test('a skill of another name takes the positives; what is odd is noted', async () => {
  const folder = folderWith({ 'SKILL.md': skillMd('Text.', 'name: demo\ndescription: Fixes lost webhooks.') })
  const catalog = folderWith({
    'looks/SKILL.md': skillMd('x', 'name: looks\ndescription: Styles pages.'),
    'demo/SKILL.md': skillMd('x'),
    'note.txt': 'x',
  })
  const { notes, neighbours, skill: name } = await runEvals({ skill: folder, catalog })
  expect([name, neighbours]).toEqual(['demo', 1])
  expect(notes[0]).toMatch(/^\d+ positives expect another name than demo; they count for demo$/)
  expect(notes[1]).toMatch(/^not in the catalog, so they cannot load: accessibility-audit, /)
  expect(notes[2]).toMatch(/^SKILL.md has no table/)
})

const client = (decide: Client['decide']): Client => ({ name: 'fake', about: '', control: 'control', decide })

test('an error of the client makes one row unusable and stops nothing', async () => {
  const rows = await ask(
    client((query) => {
      if (query === 'bad') throw new Error('429 too many\n  at somewhere')
      return { skill: null }
    }),
    [promptOf({ query: 'bad' }), promptOf({ query: 'good' })],
  )
  expect(rows.map(({ prompt, ...answer }) => answer)).toEqual([{ unusable: '429 too many' }, { loaded: null }])
})

test('the positive control must load the skill', async () => {
  await checkControl(
    client(() => ({ skill: 'ours' })),
    'ours',
  )
  await expect(
    checkControl(
      client(() => ({ skill: null })),
      'ours',
    ),
  ).rejects.toThrow('ours should load, but the fake client loaded nothing')
  await expect(
    checkControl(
      client(() => Promise.reject(new Error('no key'))),
      'ours',
    ),
  ).rejects.toThrow('the fake client could not answer (no key)')
})
