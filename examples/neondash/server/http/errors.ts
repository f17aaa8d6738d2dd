import { TRPC_ERROR_CODES_BY_KEY, type TRPCErrorResponse } from '@trpc/server/rpc'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, type ErrorBody, STATUS_OF } from '../../shared/errors'
import { failureOf } from '../db/errors'
import type { AppEnv } from '../deps'

const codeOf = Object.fromEntries(Object.entries(STATUS_OF).map(([code, status]) => [status, code]))

/** Answers what a route threw. Only messages written for clients go out. */
export function onError(error: Error, c: Context<AppEnv>) {
  const { status, message } = answerTo(error)
  // An error above the access log has no request log yet.
  if (status >= 500) c.get('log')?.error({ event: 'http_error', status, error })
  return c.json(errorBody(c, status, message), status as ContentfulStatusCode)
}

export function notFound(c: Context<AppEnv>) {
  return c.json(errorBody(c, 404, 'Not found'), 404)
}

// #region error-body
/** Under /trpc in tRPC's envelope: its client then reads `error.data.code` of a refusal that tRPC never saw. */
export function errorBody(
  c: Context<AppEnv>,
  status: number,
  message: string,
): ErrorBody | TRPCErrorResponse {
  const code = codeOf[status] ?? `HTTP_${status}`
  const requestId = c.get('requestId')
  if (!c.req.path.startsWith('/trpc/')) return { error: { code, message, requestId } }
  return {
    error: {
      code: TRPC_ERROR_CODES_BY_KEY.BAD_REQUEST,
      message,
      data: { code, httpStatus: status, requestId },
    },
  }
}
// #endregion

function answerTo(error: Error): { status: number; message: string } {
  if (error instanceof HTTPException) return { status: error.status, message: error.message }
  const { code, message } = appErrorOf(error) ?? new AppError('INTERNAL_SERVER_ERROR', 'Internal error')
  return { status: STATUS_OF[code], message }
}

// #region error-mapping
/** A failure in words meant for the client; `undefined`: a bug, whose words stay here. */
export function appErrorOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  const because = { cause: error }
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new AppError('GATEWAY_TIMEOUT', 'Took too long', because)
  switch (failureOf(error)) {
    case 'conflict':
      return new AppError('CONFLICT', 'Already exists', because)
    case 'busy':
      return new AppError('SERVICE_UNAVAILABLE', 'Busy, try again', because)
    case 'timeout':
      return new AppError('GATEWAY_TIMEOUT', 'Took too long', because)
    case 'unavailable':
      return new AppError('SERVICE_UNAVAILABLE', 'Temporarily unavailable', because)
  }
}
// #endregion
