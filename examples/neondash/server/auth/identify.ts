import { createClerkClient } from '@clerk/backend'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../../shared/errors'
import type { AppEnv, Deps } from '../deps'

/** Verifies with the key in the environment: no network, so no outage of Clerk's reaches us. */
export function clerkOf({ env }: Pick<Deps, 'env'>) {
  return createClerkClient({
    secretKey: env.CLERK_SECRET_KEY,
    publishableKey: env.CLERK_PUBLISHABLE_KEY,
    jwtKey: env.CLERK_JWT_KEY,
    telemetry: { disabled: true },
  })
}

// #region identify
/** Not the caller's fault: 401 would sign everybody out. */
const OUTAGE = /^(jwk-remote|jwk-failed|unexpected)/

/** Sets `identity` from the token; whether one is needed is the procedure's business. */
export function identify({ env, metrics }: Pick<Deps, 'env' | 'metrics'>, clerk = clerkOf({ env })) {
  const refused = metrics.counter('neondash.auth.refused')
  return createMiddleware<AppEnv>(async function identify(c, next) {
    const state = await clerk.authenticateRequest(c.req.raw, { authorizedParties: env.APP_ORIGINS })
    if (state.reason) refused.add({ reason: state.reason })
    if (OUTAGE.test(state.reason ?? '')) throw new AppError('SERVICE_UNAVAILABLE', 'Sign-in is unavailable')
    const auth = state.toAuth()
    const clerkId = auth?.userId // null for a pending session, which is "signed in"
    c.set('identity', clerkId ? { clerkId, actorClerkId: auth.actor?.sub ?? clerkId } : null)
    await next()
  })
}
// #endregion
