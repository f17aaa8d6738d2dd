import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded, type Server } from '../core/postgres.ts'
import { statementWith } from './statements.ts'

let server: Server
beforeAll(async () => {
  server = await startEmbedded(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'))
}, 60_000)
afterAll(async () => server?.stop(), 30_000)

describe('what jsonb refuses of valid JSON', () => {
  test.each([
    ['NUL', '{"name":"a\\u0000"}', '22P05', 'unsupported Unicode escape sequence'],
    ['half a surrogate pair', '{"name":"\\ud83d"}', '22P02', 'invalid input syntax for type json'],
  ])('%s', async (_, body, code, message) => {
    expect(() => JSON.parse(body)).not.toThrow()
    await server.onCopy(async (client) => {
      const insert = "insert into integration_events (source, event_id, type, payload) values ('clerk', 'msg_x', 'user.updated', $1)"
      await expect(client.query(insert, [body])).rejects.toMatchObject({ code, message })
      const replaced = body.replace(/\\u(?:0000|d83d)/, '\\ufffd')
      expect((await client.query(insert, [replaced])).rowCount).toBe(1)
      expect((await client.query('select $1::text as body', [body])).rows).toEqual([{ body }])
    })
  })
})

describe('the payment of infrastructure.md', () => {
  const pay = () => statementWith('references/infrastructure.md', 'insert into payments')

  test('that overtakes its row makes it; again, nothing happens', () => server.onCopy(async (client) => {
    await client.query("delete from payments where provider_ref = 'pi_3'")
    const statement = await pay()
    expect((await client.query(statement)).rowCount).toBe(1)
    expect((await client.query(statement)).rowCount).toBe(0)
    const { rows } = await client.query("select status, amount_cents::int as cents from payments where provider_ref = 'pi_3'")
    expect(rows).toEqual([{ status: 'paid', cents: 10003 }])
    expect((await client.query('select 1 from outbox')).rowCount).toBe(1)
  }))

  test.each([
    ['pending', 1],
    ['cancelled', 1],
    ['refunded', 0],
  ])('of a %s row sends %i messages', (status, messages) => server.onCopy(async (client) => {
    await client.query("update payments set status = $1 where provider_ref = 'pi_3'", [status])
    expect((await client.query(await pay())).rowCount).toBe(messages)
    const { rows } = await client.query("select status from payments where provider_ref = 'pi_3'")
    expect(rows).toEqual([{ status: messages ? 'paid' : status }])
  }))
})
