/** The SQLSTATE of an error: drivers and Drizzle put it at different depths of the cause chain. */
export function sqlState(error: unknown): string | undefined {
  return postgresError(error)?.code
}

/** The constraint that a statement broke, e.g. `leads_mentorado_id_email_key`. */
export function constraintOf(error: unknown): string | undefined {
  return postgresError(error)?.constraint
}

function postgresError(error: unknown): { code: string; constraint?: string } | undefined {
  for (let e = error; e instanceof Error; e = e.cause)
    if ('code' in e && typeof e.code === 'string' && /^(?!EPIPE)[0-9A-Z]{5}$/.test(e.code))
      return { code: e.code, constraint: 'constraint' in e ? String(e.constraint) : undefined }
}

// #region failure-of
/** What a failed statement means to a caller; `undefined`: a bug, answer 500. */
export function failureOf(error: unknown): 'conflict' | 'busy' | 'timeout' | 'unavailable' | undefined {
  const state = sqlState(error)
  if (state === '23505') return 'conflict'
  if (state === '55P03' || state === '40001' || state === '40P01') return 'busy'
  if (state === '57014') return 'timeout'
  if (state) return /^(08|53|57P)/.test(state) ? 'unavailable' : undefined
  return isUnreachable(error) ? 'unavailable' : undefined
}
// #endregion

/** The last one is of the ROLLBACK after a restart: Drizzle throws it instead of the 57P01 that came first. */
const unreachable =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/

/** No answer from a server at all: sockets have a code of their own, pg's pool only words. */
function isUnreachable(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && /^(ECONN|ENOTFOUND|EHOST|ETIMEDOUT|EPIPE)/.test(String(e.code))) return true
    if (unreachable.test(e.message)) return true
  }
  return false
}
