import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { folderWith, skillMd } from '../core/testing.ts'
import { main } from './command.ts'

const page = '# A\n\n**Verified with** `hono@4.13.0`, `zod@4.6.7`; PostgreSQL 18.\n'
const files = {
  'SKILL.md': skillMd('[a](references/a.md)\n'),
  'package.json': '{ "name": "demo", "devDependencies": { "hono": "4.13.0", "zod": "4.6.7", "vitest": "1.0.0" } }',
  'references/a.md': page,
}
const hono = packument('hono', { '4.13.0': '2026-11-01T10:00:00.000Z', '4.14.2': '2026-11-20T10:00:00.000Z' }, '4.14.2')
const zod = packument('zod', { '4.6.7': '2026-10-01T10:00:00.000Z' }, '4.6.7')

let output = ''
beforeEach(() => {
  output = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((output += text)))
  const cache = mkdtempSync(join(tmpdir(), 'drift-cache-'))
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }))
  vi.stubEnv('npm_config_cache', cache)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe('a registry answers', () => {
  test('newer: kind, date and references, exit 1', async () => {
    const asked = await registry({ hono, zod })
    expect(await main([], folderWith(files))).toBe(1)
    expect(output).toBe(`hono  4.13.0 → 4.14.2  minor  2026-11-20  a

2 packages of the stack: 1 current, 1 with newer releases
to take one: npm install --save-dev --save-exact hono@4.14.2 && npm run versions, then test the pages named
`)
    expect(asked.toSorted()).toEqual(['/hono', '/zod'])
  })

  test('newer, as JSON', async () => {
    await registry({ hono, zod })
    expect(await main(['--format', 'json'], folderWith(files))).toBe(1)
    expect(JSON.parse(output)).toEqual({
      checked: 2,
      packages: [{
        name: 'hono', pinned: '4.13.0', references: ['references/a.md'], kind: 'minor', latest: '4.14.2', released: '2026-11-20',
      }],
    })
  })

  test('current: exit 0', async () => {
    await registry({ hono: packument('hono', { '4.13.0': '2026-11-01T10:00:00.000Z' }, '4.13.0'), zod })
    expect(await main([], folderWith(files))).toBe(0)
    expect(output).toBe('2 packages of the stack: 2 current, 0 with newer releases\n')
  })

  test('unpublished: the version and the whole package are gone, exit 1', async () => {
    await registry({ hono: packument('hono', { '4.12.0': '2026-01-01T10:00:00.000Z' }, '4.12.0') })
    expect(await main([], folderWith(files))).toBe(1)
    expect(output).toBe(`hono  4.13.0 → 4.12.0  gone  2026-01-01  a
zod   4.6.7            gone              a

2 packages of the stack: 0 current, 0 with newer releases, 2 gone
`)
  })
})

describe('no answer: one sentence, exit 2 by UsageError', () => {
  test('offline', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9')
    await expect(main([], folderWith(files))).rejects.toThrow(
      /^the registry cannot be reached \(ECONNREFUSED for (hono|zod)\); check the network and npm config get registry$/,
    )
    expect(output).toBe('')
  })

  test('garbage', async () => {
    await serve((_, response) => response.end('<html>sign in to the network</html>'))
    await expect(main([], folderWith(files))).rejects.toThrow(/^[^\n]*registry[^\n]*(hono|zod)[^\n]*$/)
    expect(output).toBe('')
  })

  test.each([
    ['an empty object', '{}'],
    ['a package without versions', '{ "name": "hono", "dist-tags": {}, "versions": {} }'],
  ])('%s', async (_, body) => {
    await serve((_, response) => response.setHeader('content-type', 'application/json').end(body))
    await expect(main([], folderWith(files))).rejects.toThrow(/^the registry gives no usable answer for (hono|zod); check npm config get registry$/)
  })

  test('a registry that is broken', async () => {
    await serve((_, response) => response.writeHead(503).end())
    await expect(main([], folderWith(files))).rejects.toThrow(/^the registry cannot be reached \(E503 for (hono|zod)\)/)
  })

  test('a registry that hangs', async () => {
    await serve(() => {})
    const started = Date.now()
    await expect(main(['--timeout', '1'], folderWith(files))).rejects.toThrow(/^the registry (?:cannot be reached|does not answer)[^\n]+$/)
    expect(Date.now() - started).toBeLessThan(15_000)
  })
})

test('a bundle that names no pinned package is an error', async () => {
  const root = folderWith({ ...files, 'package.json': '{ "name": "demo" }' })
  await expect(main([], root)).rejects.toThrow('no "Verified with" line names a package that package.json pins; nothing to compare')
})

test.each([
  [['--formt', 'json'], 'unknown option --formt; did you mean --format?'],
  [['--format', 'xml'], '--format xml: not one of pretty, json; did you mean json?'],
  [['--timeout', 'x'], '--timeout x: not a number of seconds up to 600'],
  [['hono'], 'hono: this command takes no argument; see --help'],
])('%s is refused', async (args, message) => {
  await expect(main(args, folderWith(files))).rejects.toThrow(message)
})

function packument(name: string, released: Record<string, string>, latest: string): string {
  const versions = Object.fromEntries(Object.keys(released).map((version) => [version, {
    name, version, dist: { tarball: 'http://127.0.0.1:9/x.tgz', shasum: '0'.repeat(40) },
  }]))
  return JSON.stringify({ _id: name, name, 'dist-tags': { latest }, versions, time: released })
}

async function registry(packages: Record<string, string>): Promise<string[]> {
  const asked: string[] = []
  await serve((request, response) => {
    asked.push(request.url!)
    const body = packages[request.url!.slice(1)]
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(body ?? '{"error":"not found"}')
  })
  return asked
}

async function serve(listener: RequestListener): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}
