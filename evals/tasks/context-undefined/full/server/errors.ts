import { TRPCError } from '@trpc/server'

const away = /^(08|53|57P|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)/
const cut = /^Connection terminated|timeout exceeded when trying to connect|not currently accepting connections/

/** True where the database cannot be reached: no fault of the query, and none of the caller. */
export function isOutage(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (away.test(String((at as { code?: unknown }).code)) || cut.test(at.message)) return true
  }
  return false
}

/** The same error, or SERVICE_UNAVAILABLE for an outage. */
export function clientError(error: unknown): unknown {
  if (!isOutage(error)) return error
  return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'Try again in a moment', cause: error })
}
