import { AppError, type ErrorCode } from '../../shared/errors'

// #region provider-error
const CODE_OF = {
  /** The connection broke, or the provider answered 5xx or something unreadable. */
  unavailable: 'SERVICE_UNAVAILABLE',
  timeout: 'GATEWAY_TIMEOUT',
  rate_limited: 'SERVICE_UNAVAILABLE',
  /** 409: an earlier attempt with this idempotency key still runs. */
  in_progress: 'CONFLICT',
  circuit_open: 'SERVICE_UNAVAILABLE',
  /** The caller's signal ended it. */
  aborted: 'GATEWAY_TIMEOUT',
  /** Another attempt would get the same: 3xx, 4xx, an answer of another shape. */
  terminal: 'INTERNAL_SERVER_ERROR',
} satisfies Record<string, ErrorCode>
export type Kind = keyof typeof CODE_OF

interface Details {
  status?: number
  waitMs?: number
  cause?: unknown
}

/** An `AppError`, so that no caller can forget to map it; adapters give it a better message where they know one. */
export class ProviderError extends AppError {
  readonly kind: Kind
  /** The provider's HTTP status; 0 when it gave none. */
  readonly status: number
  /** What its Retry-After asked for. */
  readonly waitMs: number
  constructor(provider: string, kind: Kind, { status = 0, waitMs = 0, cause }: Details = {}) {
    super(CODE_OF[kind], `${provider} failed: ${kind}`, { cause })
    this.kind = kind
    this.status = status
    this.waitMs = waitMs
  }
  /** Whether the same call may succeed a little later. */
  get transient() {
    return ['unavailable', 'timeout', 'rate_limited', 'in_progress'].includes(this.kind)
  }
}
// #endregion
