import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { users } from '../../drizzle/schema'
import type { Queries } from '../db/client'
import type { ClerkProvider } from './clerk-provider'
import type { Topic } from './topics'

const RoleChange = z.object({ userId: z.int() })

// #region metadata-topic
/** Tells Clerk the role as it is now: a message that waited would tell an older one, and last. */
export function metadataTopic(db: Queries, clerk: ClerkProvider): Topic {
  return async (payload, by) => {
    const { userId } = RoleChange.parse(payload)
    const [user] = await db
      .select({ clerkId: users.clerkId, role: users.role, deletedAt: users.deletedAt })
      .from(users)
      .where(eq(users.id, userId))
    if (user && !user.deletedAt) await clerk.setRole(user.clerkId, user.role, by)
    return undefined
  }
}
// #endregion
