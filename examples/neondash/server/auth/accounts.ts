import { eq, isNull, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { mentorados, users } from '../../drizzle/schema'
import { MentoradoId } from '../../shared/contracts'
import { Role } from '../../shared/roles'
import type { Queries } from '../db/client'

/** What the database knows about a person. */
export const Account = z.object({ userId: z.int(), role: Role, mentoradoId: MentoradoId.nullable() })
export type Account = z.infer<typeof Account>

/** `account` is null when there is none or it was deleted; `version` only grows, from 0 for nobody. */
export interface AccountVersion {
  account: Account | null
  version: number
}

/** Where a request finds the account of a Clerk id. */
export interface SessionSource {
  /** For reads: may be a few seconds old. */
  load(clerkId: string): Promise<Account | null>
  /** For writes: as the database has it now. */
  fresh(clerkId: string): Promise<Account | null>
  /** After the commit that made `version`. Throws when it did not reach every instance, and may be repeated. */
  invalidate(clerkId: string, version: number): Promise<void>
}

/** The database itself, one query each time. */
export function databaseSessions(db: Queries): SessionSource {
  const read = async (clerkId: string) => (await readAccount(db, clerkId)).account
  return { load: read, fresh: read, invalidate: async () => {} }
}

// #region read-account
/** Staff work in the clinic that they are linked to, and nowhere else. */
const tenantOf =
  sql<MentoradoId | null>`case when ${users.role} = 'clinica_staff' then ${users.clinicId} else ${mentorados.id} end`.mapWith(
    mentorados.id,
  ) as SQL<MentoradoId | null>

/** The version is `users.updated_at` in microseconds, exact in a double until the year 2255. */
export async function readAccount(db: Queries, clerkId: string): Promise<AccountVersion> {
  const [row] = await db
    .select({
      account: { userId: users.id, role: users.role, mentoradoId: tenantOf },
      active: sql<boolean>`${isNull(users.deletedAt)}`,
      version: sql`(extract(epoch from ${users.updatedAt}) * 1000000)::bigint`.mapWith(Number),
    })
    .from(users)
    .leftJoin(mentorados, eq(mentorados.userId, users.id))
    .where(eq(users.clerkId, clerkId))
  if (!row) return { account: null, version: 0 }
  return { account: row.active ? row.account : null, version: row.version }
}
// #endregion
