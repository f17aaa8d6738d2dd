import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Context } from 'hono'
import { z } from 'zod'
import { impersonationGrants as grants, mentorados, users } from '../../drizzle/schema'
import type { MentoradoId } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import { canUse, type Module, type Role, STAFF } from '../../shared/roles'
import type { Queries } from '../db/client'
import type { AppEnv, Deps, Identity } from '../deps'
import type { Account } from './accounts'

/** Who signed in. */
export type Actor = Account
/** Whose tenant is meant; `grantId` is set while the actor impersonates. */
export interface Subject {
  mentoradoId: MentoradoId
  role: Role
  canWrite: boolean
  grantId: string | null
}
export type Caller = { actor: Actor; subject: Subject | null } | { actor: null; subject: null }

// #region resolve-context
/** Actor and subject of one request. The header only names a grant; the row decides, each time anew. */
export async function resolveContext(
  { db, sessionSource }: Pick<Deps, 'db' | 'sessionSource'>,
  identity: Identity,
  grantHeader: string | undefined,
  method: string,
): Promise<Caller> {
  if (!identity) return { actor: null, subject: null }
  // Only reads may trust the cache.
  const actor = await sessionSource[method === 'GET' ? 'load' : 'fresh'](identity.actorClerkId)
  if (!actor) throw new AppError('UNAUTHORIZED', 'Account not provisioned')
  if (grantHeader !== undefined) return { actor, subject: await grantedSubject(db, identity, grantHeader) }
  if (identity.actorClerkId !== identity.clerkId)
    throw new AppError('FORBIDDEN', 'Impersonation needs a grant')
  const { mentoradoId, role } = actor
  return { actor, subject: mentoradoId ? { mentoradoId, role, canWrite: true, grantId: null } : null }
}
// #endregion

const operator = alias(users, 'operator')

/** `clerkId` differs under Clerk's own impersonation, and then names whom. */
const isOf = ({ actorClerkId, clerkId }: NonNullable<Identity>) =>
  and(eq(operator.clerkId, actorClerkId), actorClerkId === clerkId ? undefined : eq(users.clerkId, clerkId))

/** The grant while it is valid: neither ended nor expired, and the people on both sides are still who they were. */
async function liveGrant(db: Queries, grantId: string, also?: SQL) {
  const isLive = and(
    eq(grants.id, grantId),
    isNull(grants.endedAt),
    gt(grants.expiresAt, sql`now()`),
    inArray(operator.role, STAFF),
    isNull(operator.deletedAt),
    isNull(users.deletedAt),
  )
  const [grant] = await db
    .select({
      mentoradoId: mentorados.id,
      role: users.role,
      canWrite: grants.canWrite,
      grantId: grants.id,
      leftMs: sql`extract(epoch from ${grants.expiresAt} - now()) * 1000`.mapWith(Number),
    })
    .from(grants)
    .innerJoin(operator, eq(operator.id, grants.actorUserId))
    .innerJoin(mentorados, eq(mentorados.id, grants.subjectMentoradoId))
    .innerJoin(users, eq(users.id, mentorados.userId))
    .where(and(isLive, also))
  return grant
}

/** How long the caller may go on, for what outlives its request; without a grant there is no end. */
export async function accessLeftMs(db: Queries, { grantId }: Pick<Subject, 'grantId'>): Promise<number> {
  if (!grantId) return Number.POSITIVE_INFINITY
  return (await liveGrant(db, grantId))?.leftMs ?? 0
}

async function grantedSubject(
  db: Queries,
  identity: NonNullable<Identity>,
  header: string,
): Promise<Subject> {
  const grantId = z.uuid().safeParse(header).data
  const grant = grantId && (await liveGrant(db, grantId, isOf(identity)))
  if (!grant) throw new AppError('FORBIDDEN', 'No valid grant')
  const { leftMs: _, ...subject } = grant
  return subject
}

/** The same, of a request as Hono has it. */
export function callerOf(deps: Pick<Deps, 'db' | 'sessionSource'>, c: Context<AppEnv>): Promise<Caller> {
  return resolveContext(deps, c.get('identity'), c.req.header('x-impersonation-grant'), c.req.method)
}

/** For plain routes: whose tenant the caller means, with the right to `module` in both roles. */
export async function subjectFor(
  module: Module,
  deps: Pick<Deps, 'db' | 'sessionSource'>,
  c: Context<AppEnv>,
): Promise<Subject> {
  const { actor, subject } = await callerOf(deps, c)
  if (!actor) throw new AppError('UNAUTHORIZED', 'Sign in first')
  if (!subject) throw new AppError('FORBIDDEN', 'No linked mentorado')
  if (!canUse(actor.role, module) || !canUse(subject.role, module))
    throw new AppError('FORBIDDEN', `No access to ${module}`)
  return subject
}
