import { afterAll } from 'bun:test'
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpSubscriptionLink,
  splitLink,
} from '@trpc/client'
import { eq } from 'drizzle-orm'
import { EventSource } from 'eventsource'
import { mentorados, mentors, users } from '../drizzle/schema'
import { createApp } from '../server/app'
import type { Db } from '../server/db/client'
import type { Deps } from '../server/deps'
import type { AppRouter } from '../server/trpc/router'
import type { MentoradoId } from '../shared/contracts'
import type { Role } from '../shared/roles'
import { clerk } from './start'

export interface Person {
  userId: number
  clerkId: string
}
export interface Mentorado extends Person {
  mentoradoId: MentoradoId
}

export async function addUser(db: Db, clerkId: string, role: Role): Promise<Person> {
  const email = `${clerkId}@example.com`
  const [user] = await db.insert(users).values({ clerkId, email, role }).returning({ id: users.id })
  return { userId: user!.id, clerkId }
}

export async function addMentor(db: Db, clerkId: string): Promise<Person & { mentorId: number }> {
  const person = await addUser(db, clerkId, 'mentor')
  const [mentor] = await db.insert(mentors).values({ userId: person.userId }).returning({ id: mentors.id })
  return { ...person, mentorId: mentor!.id }
}

/** A user with a tenant, by default of the role `mentorado`. */
export async function addMentorado(
  db: Db,
  clerkId: string,
  { mentorId, role = 'mentorado' }: { mentorId?: number; role?: Role } = {},
): Promise<Mentorado> {
  const person = await addUser(db, clerkId, role)
  const [row] = await db
    .insert(mentorados)
    .values({ userId: person.userId, mentorId })
    .returning({ id: mentorados.id })
  return { ...person, mentoradoId: row!.id }
}

/** Somebody who works in the clinic of another. */
export async function addStaff(db: Db, clerkId: string, clinicId: MentoradoId | null): Promise<Person> {
  const person = await addUser(db, clerkId, 'clinica_staff')
  await db.update(users).set({ clinicId }).where(eq(users.id, person.userId))
  return person
}

export type Client = ReturnType<typeof clientOf>
interface As {
  /** The Clerk id that signed in; nobody without it. */
  sub?: string
  claims?: Record<string, unknown>
  grant?: string
  stream?: boolean
}

/** The typed client as a browser has it, with a token of its own for each request. */
export function clientOf(url: string | URL, { sub, claims, grant, stream }: As = {}) {
  const headers = () => ({
    ...(sub && clerk.bearer(sub, claims)),
    ...(grant && { 'x-impersonation-grant': grant }),
  })
  const endpoint = new URL('/trpc', url).href
  const batch = { url: endpoint, headers, maxURLLength: 8_000 }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource,
          eventSourceOptions: () => ({
            fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers() } }),
          }),
        }),
        false: stream ? httpBatchStreamLink(batch) : httpBatchLink(batch),
      }),
    ],
  })
}

/** One instance over real HTTP. */
export function serve(deps: Deps, { idleTimeout = 30, port = 0 as number | undefined } = {}) {
  const app = createApp(deps)
  const server = Bun.serve({
    port,
    hostname: '127.0.0.1',
    idleTimeout,
    maxRequestBodySize: 8_000_000,
    fetch: (request, server) => app.fetch(request, { server }),
  })
  afterAll(() => server.stop(true))
  return { server, url: server.url, as: (options?: As) => clientOf(server.url, options) }
}

export async function until(condition: () => boolean, ms = 5_000) {
  for (const end = Date.now() + ms; !condition(); await Bun.sleep(10))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition}`)
}
