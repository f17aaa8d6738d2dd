/** The codes that clients branch on; the names are tRPC's. */
export const STATUS_OF = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_CONTENT: 422,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
} as const
export type ErrorCode = keyof typeof STATUS_OF

// #region app-error
/** A failure whose message was written for the client. Everything else is masked. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
// #endregion

/** What an HTTP route answers when it fails. tRPC has its own envelope with the same `code`. */
export interface ErrorBody {
  error: { code: ErrorCode | (string & {}); message: string; requestId: string }
}

export type Result<T, E extends { kind: string }> = { ok: true; value: T } | { ok: false; error: E }
