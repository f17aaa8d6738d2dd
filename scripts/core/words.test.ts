import { expect, test } from 'vitest'
import { stems } from './words.ts'

test.each([
  ['webhook', 'Webhooks'],
  ['migration', 'migrations'],
  ['retry', 'retries'],
  ['cache', 'caches'],
  ['cache', 'cached'],
  ['index', 'indexes'],
  ['query', 'queries'],
  ['fail', 'failing'],
  ['sessão', 'sessao'],
])('%s meets %s', (one, other) => expect(stems(one)).toEqual(stems(other)))

test.each([
  ['status', 'stat'],
  ['address', 'addr'],
  ['redis', 'red'],
  ['class', 'cla'],
  ['401', '403'],
])('%s does not meet %s', (one, other) => {
  expect(stems(one)).not.toEqual(stems(other))
})

test('stop words, single letters and punctuation are left out; digits and other scripts stay', () => {
  expect(stems('When the N+1 is a 429, or: 数据库')).toEqual(['429', '数据库'])
  expect(stems('')).toEqual([])
})
