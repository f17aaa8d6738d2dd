import type { RequestIdVariables } from 'hono/request-id'
import type { Role } from './db'
import type { Logger } from './log'

export type Identity = { clerkId: string; actorClerkId: string } | null

export type AppEnv = {
  Bindings: { server?: Bun.Server<unknown> }
  Variables: RequestIdVariables & { identity: Identity; log: Logger }
}

export type ResolveContext = (identity: Identity, grantHeader?: string) => Promise<{
  actor: { userId: number; role: Role } | null
  subject: { mentoradoId: number; canWrite: boolean; grantId: string | null } | null
}>
