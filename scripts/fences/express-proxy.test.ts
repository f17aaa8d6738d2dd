import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fenceRunBy, root } from './documents.ts'

const fence = fenceRunBy('references/hono-migration.md', 'express-proxy')
const gone: string[] = []
let legacy: Server
let edge: ChildProcess
let folder: string
let url: string

/** An Express 5 application behind a Hono edge on Bun whose last route is the fence. */
beforeAll(async () => {
  const app = express()
  app.all('/echo', express.text({ type: '*/*' }), (req, res) => {
    const { host, 'x-request-id': requestId, 'x-forwarded-host': forwarded } = req.headers
    res.json({ method: req.method, url: req.originalUrl, body: req.body ?? null, host, requestId, forwarded })
  })
  app.post('/hash', async (req, res) => {
    const hash = createHash('sha256')
    for await (const chunk of req) hash.update(chunk)
    res.send(hash.digest('hex'))
  })
  app.get('/moved', (_, res) => res.redirect(302, '/echo'))
  app.get('/cookies', (_, res) => {
    res.cookie('a', '1').cookie('b', '2').status(418).send('teapot')
  })
  app.get('/packed', (_, res) => {
    res.set('content-encoding', 'gzip').type('text').send(gzipSync('unpacked'))
  })
  app.get('/slow', (req, res) => {
    res.on('close', () => gone.push(req.originalUrl))
    res.write('first')
  })
  legacy = app.listen(0, '127.0.0.1')
  await once(legacy, 'listening')

  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache/express-proxy-'))
  writeFileSync(join(folder, 'edge.ts'), `import { Hono } from 'hono'
import { proxy } from 'hono/proxy'
import { requestId } from 'hono/request-id'

const env = { LEGACY_ORIGIN: process.env.LEGACY_ORIGIN! }
const app = new Hono().use(requestId()).get('/new', (c) => c.text('new'))
${fence.node.value}
console.log(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app.fetch }).port)
`)
  const origin = `http://127.0.0.1:${(legacy.address() as AddressInfo).port}`
  edge = spawn(join(root, 'node_modules/.bin/bun'), [join(folder, 'edge.ts')], {
    env: { ...process.env, LEGACY_ORIGIN: origin }, stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(edge.stdout!, 'data')
  url = `http://127.0.0.1:${Number(line)}`
}, 30_000)

afterAll(() => {
  edge?.kill()
  legacy?.closeAllConnections()
  legacy?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

test('a route of the edge is not proxied', async () => {
  expect(await (await fetch(`${url}/new`)).text()).toBe('new')
})

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s arrives as it was sent', async (method) => {
  const body = method === 'GET' ? null : '{"name":"São"}'
  const response = await fetch(`${url}/echo?a=1&a=2&q=%C3%A3`, { method, body, headers: { 'x-request-id': 'req_1' } })
  expect(await response.json()).toEqual({
    method, url: '/echo?a=1&a=2&q=%C3%A3', body, requestId: 'req_1',
    forwarded: url.slice(7), host: expect.any(String),
  })
})

test('a request without an id gets one', async () => {
  const { requestId } = (await (await fetch(`${url}/echo`)).json()) as { requestId: string }
  expect(requestId).toMatch(/^[\da-f-]{36}$/)
})

test('a body of 4 MB arrives whole', async () => {
  const body = Buffer.alloc(4_000_000, 'backend')
  const response = await fetch(`${url}/hash`, { method: 'POST', body })
  expect(await response.text()).toBe(createHash('sha256').update(body).digest('hex'))
})

test('status and every cookie come back', async () => {
  const response = await fetch(`${url}/cookies`)
  expect([response.status, response.headers.getSetCookie()]).toEqual([418, ['a=1; Path=/', 'b=2; Path=/']])
})

test('a redirect goes to the client', async () => {
  const response = await fetch(`${url}/moved`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([302, '/echo'])
})

test('a compressed answer can be read', async () => {
  expect(await (await fetch(`${url}/packed`)).text()).toBe('unpacked')
})

test('a client that leaves ends the request at Express', async () => {
  const leaving = new AbortController()
  const response = await fetch(`${url}/slow`, { signal: leaving.signal })
  const reader = response.body!.getReader()
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('first')
  leaving.abort()
  await expect.poll(() => gone, { timeout: 5_000 }).toEqual(['/slow'])
})
