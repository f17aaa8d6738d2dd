import { expect, test } from 'vitest'
import type { Route } from '../../scripts/core/routing.ts'
import { lexicalClient } from './lexical.ts'

const routes: Route[] = [
  ['jobs', 'Jobs: scheduler, cron, queue', 'infrastructure.md'],
  ['slow-database', 'Slow database: query, index', 'database-design.md'],
  ['session-cache', 'Session cache: stale, queue', 'infrastructure.md'],
].map(([symptom, text, reference]) => ({
  symptom: symptom!,
  text: text!,
  references: [reference!],
  position: { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } },
}))

const library = {
  skill: { name: 'ours', description: 'Fixes webhooks and cron jobs of a backend. Not for styling pages.' },
  catalog: [
    { name: 'looks', description: 'Styles pages and buttons.' },
    { name: 'mailer', description: 'Sends mail from a backend.' },
  ],
  routes,
}
const settings = { minimumScore: 0.1, rowMargin: 0.8 }
const loaded = async (query: string, minimumScore = settings.minimumScore) =>
  (await lexicalClient(library, { ...settings, minimumScore }).decide(query)).skill
const read = async (query: string, rowMargin = 0.8) =>
  (await lexicalClient(library, { ...settings, rowMargin }).decide(query)).references

test.each([
  ['my webhook is gone', 'ours'],
  ['WEBHOOKS!!', 'ours'],
  ['the buttons of this page', 'looks'],
  ['the cron of the mail job', 'ours'],
  ['how tall is the eiffel tower', null],
  ['', null],
  ['🙂', null],
])('%j loads %s', async (query, skill) => {
  expect(await loaded(query)).toBe(skill)
})

test('words of "Not for …" do not attract', async () => {
  expect(await loaded('styling a page')).toBe('looks')
})

test('below the minimum score nothing loads', async () => {
  expect(await loaded('backend')).not.toBeNull()
  expect(await loaded('backend', 5)).toBeNull()
})

test('a word that the prompt repeats counts once', async () => {
  expect(await loaded('mail mail mail about webhooks of cron jobs')).toBe('ours')
})

test('names count like descriptions', async () => {
  expect(await loaded('mailer')).toBe('mailer')
})

test('the best row of the routing table names the references', async () => {
  expect(await read('cron and scheduler')).toEqual(['infrastructure.md'])
  expect(await read('which index for this query')).toEqual(['database-design.md'])
  expect(await read('nothing here')).toEqual([])
})

test('rows close to the best one are read too, each reference once', async () => {
  expect(await read('stale cache, slow query', 1)).toHaveLength(2)
  expect(await read('scheduler of a slow database', 1)).toEqual(['database-design.md'])
  expect(await read('scheduler of a slow database', 0.1)).toEqual(['database-design.md', 'infrastructure.md'])
  expect(await read('queue', 0.5)).toEqual(['infrastructure.md'])
})

test('the reason names the words that decided', async () => {
  const { why } = await lexicalClient(library, settings).decide('mail from a webhook')
  expect(why).toMatch(/^(ours|mailer) \d+\.\d by /)
  expect((await lexicalClient(library, settings).decide('zzz')).why).toBe('no skill shares a word')
})
