import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { guardStatus, isPublic, startGuard } from './guard-proxy.ts'
import { trap } from './testing-net.ts'

test('the guard refuses raw requests of any spelling', async () => {
  const { port, connections } = await trap()
  const guard = await startGuard()
  onTestFinished(() => guard.close())
  const through = (path: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const asked = request({ port: Number(new URL(guard.url).port), path, method, agent: false })
      asked
        .on('response', ({ statusCode }) => resolve(statusCode!))
        .on('connect', ({ statusCode }) => resolve(statusCode!))
        .on('error', reject)
        .end()
    })
  for (const host of [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '169.254.169.254',
    '10.0.0.1',
  ]) {
    expect(await through(`http://${host}:${port}/`), host).toBe(guardStatus.refused)
    expect(await through(`${host}:${port}`, 'CONNECT'), host).toBe(guardStatus.refused)
  }
  expect(await through('ftp://127.0.0.1/')).toBe(guardStatus.refused)
  expect(await through('/no-proxy-request')).toBe(guardStatus.unreachable)
  expect(connections()).toBe(0)
})

test.each([
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['100.128.0.1', true],
  ['127.9.9.9', false],
  ['169.254.169.254', false],
  ['172.16.0.1', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['8.8.8.8', true],
  ['::', false],
  ['::1', false],
  ['fe80::1%eth0', false],
  ['fc00::1', false],
  ['fd12::1', false],
  ['ff02::1', false],
  ['::ffff:8.8.8.8', false],
  ['::ffff:7f00:1', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['2001:db8::1', false],
  ['2606:4700::1111', true],
  ['localhost', false],
  ['', false],
])('%s public: %s', (address, expected) => expect(isPublic(address)).toBe(expected))
