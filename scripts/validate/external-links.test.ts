import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { LookupFunction } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPublic } from '../core/guard-proxy.ts'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd } from '../core/testing.ts'
import { listening, trap } from '../core/testing-net.ts'
import { cachePath, readCache } from '../core/web-cache.ts'
import { externalLinks, rule } from './external-links.ts'

const external = { external: true }

/** A web server that the rule may reach, and the paths that it was asked for. */
async function web(
  answer: RequestListener,
): Promise<{ port: number; asked: string[]; options: Parameters<typeof externalLinks>[0] & object }> {
  const asked: string[] = []
  const port = await listening(
    createServer((incoming, outgoing) => {
      asked.push(`${incoming.method} ${incoming.url}`)
      answer(incoming, outgoing)
    }),
    '127.0.0.1',
  )
  const isAllowed = (address: string, to: number) => isPublic(address) || (address === '127.0.0.1' && to === port)
  return {
    port,
    asked,
    options: { isAllowed, pauseMs: 1, timeoutMs: 1_000, cache: join(folderWith({}), 'cache/web.json') },
  }
}

function skillWith(...urls: string[]): string {
  return folderWith({ 'SKILL.md': skillMd(urls.map((url) => `[x](${url})`).join('\n')) })
}

const refusal = (url: string) =>
  `"${url}" leads to an address that is not public and was not opened; link to a public page`
const refused = (line: number, url: string) => `SKILL.md:${line}:1 ${refusal(url)}`

test('every fixture is in the tests', () => expect(fixturesOf(rule)).toEqual(['valid-quiet.md']))

test('valid-quiet.md', async () => expect(await onFixture(rule, 'valid-quiet.md', external)).toEqual([]))

test('nothing is asked without --external', async () => {
  const { port, asked, options } = await web((_, outgoing) => outgoing.end())
  expect(await findingsIn(externalLinks(options), skillWith(`http://127.0.0.1:${port}/gone`))).toEqual([])
  expect(asked).toEqual([])
})

test('404 and 410 are errors, 200 and answers to robots are fine, 500 is asked three times', async () => {
  const { port, asked, options } = await web(({ url }, outgoing) => {
    outgoing.statusCode = Number(/\d+/.exec(url!)?.[0] ?? 200)
    outgoing.end('body')
  })
  const base = `http://127.0.0.1:${port}`
  const paths = ['/200', '/404?a=1&copy=2#part', '/410', '/403', '/429', '/500']
  expect(await findingsIn(externalLinks(options), skillWith(...paths.map((path) => base + path)), external)).toEqual([
    `SKILL.md:7:1 "${base}/404?a=1&copy=2#part" answers 404; correct or remove the link`,
    `SKILL.md:8:1 "${base}/410" answers 410; correct or remove the link`,
    `SKILL.md:11:1 "${base}/500" answers 500 again and again; look whether it is still there`,
  ])
  expect(asked.filter((line) => line.startsWith('HEAD')).sort()).toEqual(
    ['/200', '/403', '/404?a=1&copy=2', '/410', '/429', '/500', '/500', '/500'].map((path) => `HEAD ${path}`),
  )
})

test('each place of one address is told, the address asked once', async () => {
  const { port, asked, options } = await web((_, outgoing) => outgoing.writeHead(404).end())
  const url = `http://127.0.0.1:${port}/a`
  expect(await findingsIn(externalLinks(options), skillWith(url, `${url}#b`), external)).toHaveLength(2)
  expect(asked).toEqual(['HEAD /a', 'GET /a'])
})

test('redirects are followed to a public page', async () => {
  const { port, asked, options } = await web(({ url }, outgoing) => {
    if (url === '/from') outgoing.writeHead(302, { location: '/to' })
    outgoing.end()
  })
  expect(await findingsIn(externalLinks(options), skillWith(`http://127.0.0.1:${port}/from`), external)).toEqual([])
  expect(asked).toEqual(['HEAD /from', 'HEAD /to'])
})

test('loopback in every spelling is refused and never connected', async () => {
  const { port, connections } = await trap()
  const hosts = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f000001',
    '127.1',
    '0',
    '[::]',
    '[::ffff:7f00:1]',
  ]
  const urls = hosts.flatMap((host) => [`http://${host}:${port}/`, `https://${host}:${port}/`])
  const found = await findingsIn(
    externalLinks({ pauseMs: 1, cache: join(folderWith({}), 'web.json') }),
    skillWith(...urls),
    external,
  )
  expect(found.sort()).toEqual(urls.map((url, index) => refused(6 + index, url)).sort())
  expect(connections()).toBe(0)
})

test('a name that resolves to loopback, alone or beside a public address, is refused and never connected', async () => {
  const { port, connections } = await trap()
  const answers: Record<string, { address: string; family: number }[]> = {
    'inner.attacker.dev': [{ address: '127.0.0.1', family: 4 }],
    'mixed.attacker.dev': [
      { address: '93.184.216.34', family: 4 },
      { address: '::1', family: 6 },
    ],
    'mapped.attacker.dev': [{ address: '::ffff:127.0.0.1', family: 6 }],
  }
  const lookup: LookupFunction = (host, _, callback) => callback(null, answers[host]!)
  const urls = Object.keys(answers).flatMap((host) => [`http://${host}:${port}/`, `https://${host}:${port}/`])
  const found = await findingsIn(
    externalLinks({ lookup, pauseMs: 1, cache: join(folderWith({}), 'web.json') }),
    skillWith(...urls),
    external,
  )
  expect(found).toEqual(urls.map((url, index) => refused(6 + index, url)))
  expect(connections()).toBe(0)
})

test('a redirect to loopback is refused at each hop and never connected', async () => {
  const { port: inner, connections } = await trap()
  const targets = [
    `http://127.0.0.1:${inner}/`,
    `https://127.0.0.1:${inner}/`,
    `http://localhost:${inner}/`,
    `http://2130706433:${inner}/`,
    `//127.0.0.1:${inner}/`,
  ]
  const { port, asked, options } = await web(({ url }, outgoing) => {
    outgoing
      .writeHead(302, { location: url!.startsWith('/hop') ? url!.slice(4) : targets[Number(url!.slice(1))] })
      .end()
  })
  const urls = targets.map((_, index) => `http://127.0.0.1:${port}/hop/${index}`)
  expect(await findingsIn(externalLinks(options), skillWith(...urls), external)).toEqual(
    urls.map((url, index) => refused(6 + index, url)),
  )
  expect(asked).toContain('HEAD /0')
  expect(connections()).toBe(0)
})

test('redirects to IPv6 loopback and other schemes are not followed', async () => {
  const { port: inner, connections } = await trap()
  const targets = [
    `http://[::1]:${inner}/`,
    `http://[::ffff:127.0.0.1]:${inner}/`,
    'file:///etc/hosts',
    `ftp://127.0.0.1:${inner}/`,
  ]
  const { port, options } = await web(({ url }, outgoing) =>
    outgoing.writeHead(302, { location: targets[Number(url!.slice(1))] }).end(),
  )
  const found = await findingsIn(
    externalLinks(options),
    skillWith(...targets.map((_, index) => `http://127.0.0.1:${port}/${index}`)),
    external,
  )
  expect(found).toEqual(targets.map((_, index) => refused(6 + index, `http://127.0.0.1:${port}/${index}`)))
  expect(connections()).toBe(0)
})

test('an answer holds for a day, a failure is asked again', async () => {
  const { port, asked, options } = await web(({ url }, outgoing) =>
    outgoing.writeHead(url === '/dead' ? 404 : 200).end(),
  )
  const base = `http://127.0.0.1:${port}`
  const root = skillWith(`${base}/alive`, `${base}/dead`)
  for (let run = 0; run < 2; run++) expect(await findingsIn(externalLinks(options), root, external)).toHaveLength(1)
  expect(asked.filter((line) => line.startsWith('HEAD')).sort()).toEqual(['HEAD /alive', 'HEAD /dead', 'HEAD /dead'])
  const cache = options.cache!
  expect(Object.keys(JSON.parse(readFileSync(cache, 'utf8')))).toEqual([`${base}/alive`])
  expect(readCache(cache, Date.now() + 25 * 3_600_000).size).toBe(0)
  writeFileSync(cache, '{"broken')
  expect(readCache(cache).size).toBe(0)
  expect(existsSync(join(root, 'node_modules'))).toBe(false)
  expect(cachePath()).toMatch(/external-links\.json$/)
})

test('a server that never answers costs its timeout and three tries', async () => {
  const { port, asked, options } = await web(() => {})
  const url = `http://127.0.0.1:${port}/slow`
  expect(await findingsIn(externalLinks({ ...options, timeoutMs: 150 }), skillWith(url), external)).toEqual([
    `SKILL.md:6:1 "${url}" gives no answer; look whether it is still there`,
  ])
  expect(asked.filter((line) => line.startsWith('HEAD'))).toHaveLength(3)
})

test('at most eight requests run together', async () => {
  let running = 0
  let most = 0
  const { port, options } = await web((_, outgoing) => {
    most = Math.max(most, ++running)
    setTimeout(() => {
      running--
      outgoing.end()
    }, 20)
  })
  const urls = Array.from({ length: 30 }, (_, index) => `http://127.0.0.1:${port}/${index}`)
  expect(await findingsIn(externalLinks(options), skillWith(...urls), external)).toEqual([])
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(8)
})

test('without a network there is one finding, not one per link', async () => {
  const lookup: LookupFunction = (_, __, callback) =>
    callback(Object.assign(new Error('no network'), { code: 'EAI_AGAIN' }), '')
  const urls = ['https://a.dev/', 'https://b.dev/', 'https://c.dev/']
  expect(
    await findingsIn(
      externalLinks({ lookup, pauseMs: 1, cache: join(folderWith({}), 'web.json') }),
      skillWith(...urls),
      external,
    ),
  ).toEqual(['SKILL.md:1:1 none of 3 web addresses could be reached; check the network and run again'])
})

test("a user's proxy settings neither bypass the guard nor get lost", async () => {
  const { port, connections } = await trap()
  const saved = process.env.NO_PROXY
  process.env.NO_PROXY = '*'
  try {
    const url = `http://127.0.0.1:${port}/`
    expect(
      await findingsIn(
        externalLinks({ pauseMs: 1, cache: join(folderWith({}), 'web.json') }),
        skillWith(url),
        external,
      ),
    ).toEqual([refused(6, url)])
    expect(process.env.NO_PROXY).toBe('*')
  } finally {
    if (saved === undefined) delete process.env.NO_PROXY
    else process.env.NO_PROXY = saved
  }
  expect(connections()).toBe(0)
})
