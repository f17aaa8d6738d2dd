import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
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
const validGrant = (grantId: string, { actorClerkId, clerkId }: NonNullable<Identity>) =>
  and(
    eq(grants.id, grantId),
    isNull(grants.endedAt),
    gt(grants.expiresAt, sql`now()`),
    eq(operator.clerkId, actorClerkId),
    inArray(operator.role, STAFF),
    isNull(operator.deletedAt),
    actorClerkId === clerkId ? undefined : eq(users.clerkId, clerkId),
    isNull(users.deletedAt),
  )

async function grantedSubject(
  db: Queries,
  identity: NonNullable<Identity>,
  header: string,
): Promise<Subject> {
  const grantId = z.uuid().safeParse(header).data
  const [subject] = !grantId
    ? []
    : await db
        .select({
          mentoradoId: mentorados.id,
          role: users.role,
          canWrite: grants.canWrite,
          grantId: grants.id,
        })
        .from(grants)
        .innerJoin(operator, eq(operator.id, grants.actorUserId))
        .innerJoin(mentorados, eq(mentorados.id, grants.subjectMentoradoId))
        .innerJoin(users, eq(users.id, mentorados.userId))
        .where(validGrant(grantId, identity))
  if (!subject) throw new AppError('FORBIDDEN', 'No valid grant')
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
