import { expect, test } from 'bun:test'
import { clerk, testDeps } from '../../test/start'
import { createApp } from '../app'

const app = createApp(
  testDeps({ db: null as never, env: { APP_ORIGINS: `${clerk.origin},https://app.example` } }),
)
const preflight = (origin: string) =>
  app.request('/trpc/me.get', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })

test.each([clerk.origin, 'https://app.example'])('%s may send credentials, and is named', async (origin) => {
  for (const { headers } of [
    await preflight(origin),
    await app.request('/nowhere', { headers: { origin } }),
  ]) {
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    expect(headers.get('vary')?.toLowerCase()).toContain('origin')
  }
})

test.each(['https://evil.example', 'null', `${clerk.origin}.evil.example`, 'http://app.example'])(
  '%s is not named',
  async (origin) => {
    for (const { headers } of [
      await preflight(origin),
      await app.request('/nowhere', { headers: { origin } }),
    ])
      expect(headers.get('access-control-allow-origin')).toBeNull()
  },
)
