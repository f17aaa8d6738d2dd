import { expect, test } from 'bun:test'
import { createLog, type Fields, type Level } from './log'

function captured(level: Level = 'info') {
  const lines: Record<string, unknown>[] = []
  const now = () => new Date('2026-11-22T12:00:00Z')
  return { lines, log: createLog({ level, now, write: (line) => lines.push(JSON.parse(line)) }) }
}

test('a child carries its fields on every line', () => {
  const { log, lines } = captured()
  log.child({ requestId: 'r1' }).child({ actorId: 7 }).info({ event: 'x', durationMs: 3 })
  expect(lines).toEqual([
    {
      time: '2026-11-22T12:00:00.000Z',
      level: 'info',
      service: 'neondash',
      requestId: 'r1',
      actorId: 7,
      event: 'x',
      durationMs: 3,
    },
  ])
})

test('fields that are not on the list stay out', () => {
  const { log, lines } = captured()
  log.info({ event: 'x', email: 'ana@example.com', password: 'hunter2' } as Fields)
  expect(JSON.stringify(lines)).not.toMatch(/ana@|hunter2/)
})

test('an error gives class, code and frames, never its message', () => {
  const { log, lines } = captured()
  const cause = Object.assign(new Error('duplicate key (email)=(ana@example.com)'), { code: '23505' })
  log.error({ event: 'x', error: new TypeError('insert … params: ana@example.com\n second line', { cause }) })
  expect(lines[0]).toMatchObject({
    errorClass: 'TypeError',
    errorCode: '23505',
    frames: expect.stringContaining('log.test.ts'),
  })
  expect(JSON.stringify(lines)).not.toMatch(/ana@|second line/)
  log.error({ event: 'x', error: 'a thrown string' })
  expect(lines[1]).toMatchObject({ errorClass: 'string' })
})

test.each([
  ['sk_live_abcdefgh'],
  ['whsec_abcdefgh'],
  ['Bearer abcdefgh'],
  ['eyJhbGciOiJSUzI1NiJ9.abcdefgh.c2ln'],
  ['postgres://app:abcdefgh@host/db'],
])('a secret in a value is masked: %s', (secret) => {
  const { log, lines } = captured()
  log.info({ event: `before ${secret} after` })
  expect(lines[0]?.event).toMatch(/^before .*\[redacted\].* after$/)
  expect(lines[0]?.event).not.toContain('abcdefgh')
})

test('lines below the level are not written', () => {
  const { log, lines } = captured('warn')
  log.debug({ event: 'x' })
  log.info({ event: 'x' })
  log.warn({ event: 'x' })
  expect(lines).toHaveLength(1)
})
