import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

export interface Waits {
  /** The longest a single statement took, in ms. */
  readers: number
  writers: number
}

export interface Traffic {
  /** Forget what was measured so far. */
  reset(): void
  /** End the traffic, once its last statements are through. Throws when one of them failed. */
  stop(): Promise<Waits>
}

/** Readers and writers of single rows, each with its own session and a pause of 5 ms between statements. */
const sessions: [kind: keyof Waits, sql: string, of: 'leads' | 'mentorados'][] = [
  ['readers', 'select name from leads where id = $1', 'leads'],
  ['readers', 'select name from leads where id = $1', 'leads'],
  ['writers', 'update leads set updated_at = now() where id = $1', 'leads'],
  ['writers', 'update leads set updated_at = now() where id = $1', 'leads'],
  ['writers', 'update mentorados set turma = turma where id = $1', 'mentorados'],
]

/** Start readers and writers of random rows on the database that `connect` leads to. */
export async function startTraffic(connect: () => Promise<pg.Client>, rows: number): Promise<Traffic> {
  const waits: Waits = { readers: 0, writers: 0 }
  let running = true
  const loop = async (client: pg.Client, kind: keyof Waits, text: string, last: number) => {
    try {
      while (running) {
        const started = performance.now()
        await client.query({ name: kind, text, values: [1 + Math.floor(Math.random() * last)] })
        waits[kind] = Math.max(waits[kind], performance.now() - started)
        await sleep(5)
      }
    } finally {
      await client.end()
    }
  }
  const clients = await Promise.all(sessions.map(() => connect()))
  const loops = sessions.map(([kind, sql, of], n) => loop(clients[n]!, kind, sql, of === 'leads' ? rows : 1_000))
  const settled = Promise.allSettled(loops)
  return {
    reset: () => Object.assign(waits, { readers: 0, writers: 0 }),
    async stop() {
      running = false
      for (const outcome of await settled) if (outcome.status === 'rejected') throw outcome.reason
      return { ...waits }
    },
  }
}
