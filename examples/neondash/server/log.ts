export const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type Level = (typeof LEVELS)[number]

/**
 * What may be logged. An allow-list, because a deny-list forgets: messages of database errors hold row values,
 * inputs hold personal data, headers hold tokens. Add a field here before logging it.
 */
const FIELDS = [
  'event',
  'service',
  'requestId',
  'actorId',
  'subjectId',
  'route',
  'method',
  'status',
  'operation',
  'durationMs',
  'outcome',
  'errorClass',
  'errorCode',
  'frames',
  'attempt',
  'delayMs',
  'cause',
  'signal',
  'clean',
  'port',
  'driver',
  'source',
  'eventId',
  'type',
  'count',
  'depth',
  'oldestMs',
  'provider',
  'circuit',
  'job',
  'slot',
  'watermark',
  'topic',
  'key',
  'version',
  'layer',
  'hook',
  'limit',
  'path',
  'migration',
] as const
export type Field = (typeof FIELDS)[number]
type Value = string | number | boolean | null | undefined
type Public = Partial<Record<Field, Value>>
export type Fields = Public & { error?: unknown }

export interface Log {
  debug(fields: Fields): void
  info(fields: Fields): void
  warn(fields: Fields): void
  error(fields: Fields): void
  /** The same log with `fields` on every line, e.g. the request id. */
  child(fields: Fields): Log
}

const allowed = new Set<string>(FIELDS)
const secret = /\b(?:sk|pk|whsec|rk)_\w{6,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*|:\/\/[^\s/@]+@|\bBearer\s+\S+/gi

/** JSON lines. `write` receives one line without its newline. */
export function createLog({ level = 'info' as Level, write = writeLine, now = () => new Date() } = {}): Log {
  const build = (bound: Fields): Log => {
    const at = (name: Level) => (fields: Fields) => {
      if (LEVELS.indexOf(name) < LEVELS.indexOf(level)) return
      write(
        JSON.stringify({ time: now().toISOString(), level: name, ...publicFields({ ...bound, ...fields }) }),
      )
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => build({ ...bound, ...fields }),
    }
  }
  return build({ service: 'neondash' })
}

function publicFields({ error, ...fields }: Fields): Record<string, Value> {
  const safe: Record<string, Value> = {}
  const given: Record<string, Value> = { ...describe(error), ...fields }
  for (const [name, value] of Object.entries(given)) if (allowed.has(name)) safe[name] = redact(value)
  return safe
}

/** Class, code and stack frames of an error; its message stays out. */
function describe(error: unknown): Public {
  if (error === undefined) return {}
  if (!(error instanceof Error)) return { errorClass: typeof error }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return {
    errorClass: error.constructor.name,
    errorCode: codeOf(error),
    frames: frames.slice(0, 8).join('\n'),
  }
}

function codeOf(error: Error): string | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause)
    if ('code' in e && (typeof e.code === 'string' || typeof e.code === 'number') && e.code !== '')
      return String(e.code)
}

function redact(value: Value): Value {
  return typeof value === 'string' ? value.slice(0, 2_000).replace(secret, '[redacted]') : value
}

function writeLine(line: string) {
  process.stdout.write(`${line}\n`)
}
