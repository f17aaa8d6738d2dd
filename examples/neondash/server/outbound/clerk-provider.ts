import { z } from 'zod'
import type { Role } from '../../shared/roles'
import type { Deps } from '../deps'
import { createProvider, type KeyedCall } from './provider'
import { ProviderError } from './provider-error'

export type ClerkProvider = ReturnType<typeof createClerkProvider>

const User = z.object({ id: z.string() })

// #region clerk-adapter
/** Clerk's Backend API, over plain HTTP: its own client waits forever and does not retry. */
export function createClerkProvider({ env, log, metrics }: Pick<Deps, 'env' | 'log' | 'metrics'>) {
  const headers = { authorization: `Bearer ${env.CLERK_SECRET_KEY}`, 'content-type': 'application/json' }
  const call = createProvider({ name: 'clerk', baseUrl: env.CLERK_API_URL, headers, log, metrics })

  return {
    /** Merges the role into `public_metadata`: the same write twice is one. A user gone at Clerk needs none. */
    async setRole(clerkId: string, role: Role, { idempotencyKey: _, ...by }: KeyedCall) {
      const path = `/v1/users/${encodeURIComponent(clerkId)}/metadata`
      const body = JSON.stringify({ public_metadata: { role } })
      await call({ operation: 'metadata.set', method: 'PATCH', path, body }, User, by).catch((error) => {
        if (!(error instanceof ProviderError && error.status === 404)) throw error
      })
    },
  }
}
// #endregion
