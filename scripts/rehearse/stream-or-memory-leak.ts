import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

const streams = 40
const day = 86_400_000

export const rehearsal: Rehearsal = {
  runbook: 'stream-or-memory-leak',
  fault: 'forty clients of streams are gone, but their sockets stay open',
  unrehearsed: {
    'Two heap snapshots': 'the example has no route that takes one, as it would hold personal data',
  },
  async play({ deploy, http, clerk, onClose, quiet, fault, detect, step, recovered, count }) {
    const leaking = await deploy()
    const schedule = (hour: number) => {
      const [startsAt, endsAt] = [hour, hour + 1].map((h) => new Date(Date.now() + day + h * 3_600_000).toISOString())
      return expectStatus(
        http.call('user_4', 'sessions.schedule', { key: `session-${hour}`, mentoradoId: 1, startsAt, endsAt }), 200)
    }
    await schedule(1)
    await quiet()
    const sockets: Socket[] = []
    onClose(() => sockets.forEach((socket) => socket.destroy()))
    const { authorization } = clerk.bearer('user_2')
    await fault(async () => {
      for (let i = 0; i < streams; i++) {
        const socket = connect(Number(new URL(leaking.url).port), '127.0.0.1')
        socket.on('error', () => {})
        socket.write(`GET /api/agenda/stream HTTP/1.1\r\nhost: local\r\nauthorization: ${authorization}\r\n\r\n`)
        sockets.push(socket.pause())
      }
    })
    await detect('agenda_streams')
    const seen = await count('select max(id) from audit_log')
    await schedule(3)
    await step('then SIGTERM, one instance at a time', async () => {
      await deploy()
      assert.equal(await leaking.end('SIGTERM'), 0)
      assert.match(leaking.log(), /"event":"exit","clean":true/)
    })
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    await schedule(5)
    const resumed = await firstEvents(`${http.base()}/api/agenda/stream`, { authorization, 'last-event-id': String(seen) }, 2)
    assert.deepEqual(resumed, [`id: ${seen + 1}`, `id: ${seen + 2}`], 'a client that resumes misses nothing')
  },
}

/** The ids of the first `due` events of a stream. */
async function firstEvents(url: string, headers: Record<string, string>, due: number): Promise<string[]> {
  const ending = new AbortController()
  const response = await fetch(url, { headers, signal: AbortSignal.any([ending.signal, AbortSignal.timeout(15_000)]) })
  let text = ''
  const ids = () => text.match(/^id: \d+$/gm) ?? []
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString()
    if (ids().length >= due) break
  }
  ending.abort()
  return ids()
}
