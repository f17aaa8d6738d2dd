import assert from 'node:assert/strict'
import { svixHeaders, type ClerkKeys } from '../../../examples/neondash/test/clerk.ts'
import type { Instance } from './instance.ts'

export interface Answer {
  status: number
  text: string
  /** `result.data` of tRPC. */
  data: unknown
}

export type Client = ReturnType<typeof createClient>

/** Asks the instance that `live` names; every answer goes to `seen`. */
export function createClient(live: () => Instance, clerk: ClerkKeys, seen: string[]) {
  async function ask(path: string, init: RequestInit = {}, base = live().url): Promise<Answer> {
    const response = await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(20_000) })
    const text = await response.text()
    seen.push(text)
    let data: unknown
    try {
      data = JSON.parse(text).result?.data
    } catch {
      // Not every answer is JSON.
    }
    return { status: response.status, text, data }
  }

  const client = {
    ask,
    /** Where the instance listens. */
    base: () => live().url,
    /** The account of `user`, a GET: caches may answer. */
    me: (user: string, { base, headers = {} }: { base?: string; headers?: Record<string, string> } = {}) =>
      ask('/trpc/me.get', { headers: { ...clerk.bearer(user), ...headers } }, base),
    /** The page of leads of `user`'s clinic. */
    leads: (user: string, headers: Record<string, string> = {}) =>
      ask('/trpc/leads.list?input=%7B%7D', { headers: { ...clerk.bearer(user), ...headers } }),
    /** A mutation, which reads the actor from the database. */
    call: (user: string, path: string, input: object, headers: Record<string, string> = {}) => ask(`/trpc/${path}`, {
      method: 'POST', body: JSON.stringify(input),
      headers: { ...clerk.bearer(user), 'content-type': 'application/json', ...headers },
    }),
    createLead: (user: string, name: string, headers: Record<string, string> = {}) =>
      client.call(user, 'leads.create', { name, email: `${name}@example.com`, key: `create-${name}` }, headers),
    /** A delivery as Clerk's sender makes it; the same `id` for a resend. */
    deliver(event: object, { id, at, secret, base }: { id: string; at?: Date; secret?: string; base?: string }) {
      const body = JSON.stringify(event)
      return ask('/webhooks/clerk', { method: 'POST', body, headers: svixHeaders(body, { id, at, secret }) }, base)
    },
  }
  return client
}

/** Throws when the answer has another status. */
export async function expectStatus(answer: Promise<Answer>, status: number): Promise<Answer> {
  const got = await answer
  assert.equal(got.status, status, `status ${got.status} instead of ${status}: ${got.text.slice(0, 300)}`)
  return got
}

/** What Clerk says of a person. */
export function userUpdated(id: string, email: string, updatedAt: number, role = 'mentorado') {
  return {
    type: 'user.updated', object: 'event', timestamp: updatedAt, instance_id: 'ins_local',
    data: {
      id, object: 'user', updated_at: updatedAt, primary_email_address_id: 'idn_1',
      email_addresses: [{ id: 'idn_1', email_address: email }], public_metadata: { role },
    },
  }
}

export function userDeleted(id: string, at = Date.now()) {
  return { type: 'user.deleted', object: 'event', timestamp: at, data: { id, object: 'user', deleted: true } }
}
