import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { svixHeaders } from '../test/clerk'
import { testVariables, withDatabase } from '../test/start'

const { url, env, connect } = await withDatabase()
const children: Bun.Subprocess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** The server as a process of its own, over real HTTP. */
async function serve(file: string, variables: Record<string, string>) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, file)], {
    cwd: '/',
    env: { PATH: process.env.PATH, PORT: '0', ...variables },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  children.push(child)
  const lines: Record<string, unknown>[] = []
  const listening = Promise.withResolvers<string>()
  const reading = (async () => {
    let rest = ''
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const line = JSON.parse(part)
        lines.push(line)
        if (line.event === 'listening') listening.resolve(`http://127.0.0.1:${line.port}`)
      }
    }
    listening.reject(new Error('ended before it listened'))
  })()
  return { child, lines, reading, base: await listening.promise }
}

const serveApp = (variables: Record<string, string>) =>
  serve('main.ts', {
    ...testVariables,
    DATABASE_URL: url,
    ...(env.DATABASE_POOLED && { DATABASE_POOLED: 'true' }),
    ...variables,
  })

/** A webhook that waits for the table until `release` is called. */
async function blockedWebhook(base: string, id: string) {
  const holder = await connect()
  await holder.query('begin; lock table integration_events in access exclusive mode')
  const body = JSON.stringify({
    type: 'user.updated',
    object: 'event',
    timestamp: Date.now(),
    data: { id: 'user_1' },
  })
  const answer = fetch(`${base}/webhooks/clerk`, { method: 'POST', body, headers: svixHeaders(body, { id }) })
  answer.catch(() => {})
  const waiting = async () => {
    const { rows } = await holder.query(`select 1 from pg_locks
      where not granted and relation = 'integration_events'::regclass`)
    return rows.length > 0
  }
  while (!(await waiting())) await Bun.sleep(10)
  return { answer, release: () => holder.query('commit'), holder }
}

test('SIGTERM: unready first, the request in flight ends, then exit 0', async () => {
  const { child, base, lines, reading } = await serveApp({ DRAIN_MS: '400' })
  expect((await fetch(`${base}/health/ready`)).status).toBe(200)
  const { answer, release, holder } = await blockedWebhook(base, 'msg_drained')
  child.kill('SIGTERM')
  await Bun.sleep(100)
  expect((await fetch(`${base}/health/ready`)).status).toBe(503)
  child.kill('SIGTERM')
  await Bun.sleep(600)
  await expect(fetch(`${base}/health/live`)).rejects.toThrow()
  await release()
  expect((await answer).status).toBe(204)
  expect(await child.exited).toBe(0)
  await reading
  expect(lines.map((line) => line.event)).toEqual(expect.arrayContaining(['listening', 'shutdown', 'exit']))
  expect(lines.at(-1)).toMatchObject({ event: 'exit', clean: true })
  const { rows } = await holder.query("select 1 from integration_events where event_id = 'msg_drained'")
  expect(rows).toHaveLength(1)
}, 30_000)

test('a request that never ends is cut after STOP_MS, and the exit says so', async () => {
  const { child, base, lines, reading } = await serveApp({ STOP_MS: '200' })
  const { answer, release } = await blockedWebhook(base, 'msg_cut')
  child.kill('SIGTERM')
  await expect(answer).rejects.toThrow()
  expect(await child.exited).toBe(1)
  await reading
  expect(lines.at(-1)).toMatchObject({ event: 'exit', clean: false })
  await release()
}, 30_000)

test('starts without its database, unready until it is there', async () => {
  const { base } = await serveApp({
    DATABASE_URL: 'postgres://app:x@127.0.0.1:1/absent_test',
    DATABASE_POOLED: 'false',
  })
  expect((await fetch(`${base}/health/live`)).status).toBe(204)
  expect(await (await fetch(`${base}/health/ready`)).json()).toMatchObject({ ready: false, database: 'down' })
})

test('dev: PGlite, seeded and ready, without any variable', async () => {
  const { base, child } = await serve('dev.ts', {})
  expect(await (await fetch(`${base}/health/ready`)).json()).toMatchObject({ ready: true, database: 'up' })
  child.kill('SIGTERM')
  const printed = await child.stderr.text()
  expect(printed).toMatch(/user_mentorado\ncurl -H 'authorization: Bearer ey/)
  expect(await child.exited).toBe(0)
}, 60_000)
