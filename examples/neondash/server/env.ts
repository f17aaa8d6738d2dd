import { z } from 'zod'

const milliseconds = z.string().regex(/^\d+$/, 'expected milliseconds').transform(Number)
const count = z.string().regex(/^\d+$/, 'expected a whole number').transform(Number)
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://…' })
// #region env-values
const origins = z
  .string()
  .transform((list) => list.split(',').map((origin) => origin.trim()))
  .pipe(z.array(z.url({ protocol: /^https?$/, error: 'expected a comma-separated list of origins' })).min(1))
/** A PEM in one line, as most hosts store it, has literal \n. */
const pem = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .pipe(z.string().startsWith('-----BEGIN PUBLIC KEY-----', 'expected a PEM public key'))
// #endregion

export const DRIVERS = ['pg', 'neon-websocket', 'neon-http', 'pglite'] as const

export const DatabaseEnv = z.object({
  DATABASE_DRIVER: z.enum(DRIVERS).default('pg'),
  DATABASE_URL: z.string().min(1),
  /** Whether DATABASE_URL leads through a transaction pooler; Neon's own pooler is known by its host name. */
  DATABASE_POOLED: z.stringbool().optional(),
  DATABASE_POOL_MAX: count.default(10),
  CONNECT_TIMEOUT_MS: milliseconds.default(5_000),
  STATEMENT_TIMEOUT_MS: milliseconds.default(8_000),
})
export type DatabaseEnv = z.output<typeof DatabaseEnv>

export const Env = DatabaseEnv.extend({
  DATABASE_DRIVER: z
    .enum(DRIVERS)
    .exclude(
      ['neon-http'],
      'expected pg, neon-websocket or pglite: the server needs interactive transactions',
    )
    .default('pg'),
  NODE_ENV: z.enum(['development', 'test', 'production']),
  PORT: count.default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  APP_ORIGINS: origins,
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'expected redis://…' }).optional(),
  CLERK_SECRET_KEY: z.string().startsWith('sk_', 'expected sk_…'),
  CLERK_API_URL: z.url().default('https://api.clerk.com'),
  CLERK_PUBLISHABLE_KEY: z.string().startsWith('pk_', 'expected pk_…'),
  CLERK_JWT_KEY: pem,
  CLERK_WEBHOOK_SIGNING_SECRET: z.string().startsWith('whsec_', 'expected whsec_…'),
  STRIPE_SECRET_KEY: z.string().startsWith('sk_', 'expected sk_…'),
  STRIPE_WEBHOOK_SECRET: z.string().startsWith('whsec_', 'expected whsec_…'),
  PAYMENTS_URL: z.url().default('https://api.stripe.com'),
  /** Without it nothing is mailed. */
  MAIL_API_KEY: z.string().min(1).optional(),
  MAIL_URL: z.url().default('https://api.resend.com'),
  MAIL_FROM: z.string().default('NeonDash <no-reply@example.com>'),
  /** Where uploaded files go, one folder per tenant. */
  UPLOADS_DIR: z.string().min(1).default('.dev/uploads'),
  /** Guards /metrics and /health/deps; without it they do not exist. */
  OPERATOR_TOKEN: z.string().min(16).optional(),
  /** How many proxies in front append to X-Forwarded-For; 0 trusts only the socket. */
  PROXY_HOPS: count.default(0),
  IP_LIMIT_PER_MINUTE: count.default(600),
  ACTOR_LIMIT_PER_MINUTE: count.default(300),
  REQUEST_TIMEOUT_MS: milliseconds.default(15_000),
  DRAIN_MS: milliseconds.default(5_000),
  STOP_MS: milliseconds.default(10_000),
  SCHEDULER_ENABLED: z.stringbool().default(false),
  /** How long the body of a processed webhook is kept, for replays. */
  WEBHOOK_RETENTION_DAYS: count.default(30),
  WORKERS_ENABLED: z.stringbool().default(true),
  /** How late a worker may see what another process stored; each poll keeps a Neon compute awake. */
  WORKER_POLL_MS: milliseconds.default(5_000),
}).superRefine((env, { addIssue }) => {
  const wrong = (name: string, message: string) => addIssue({ code: 'custom', path: [name], message })
  if (env.DATABASE_DRIVER === 'pglite' && env.NODE_ENV === 'production')
    wrong('DATABASE_DRIVER', 'pglite is for development and tests')
  if (env.DATABASE_DRIVER !== 'pglite' && !postgresUrl.safeParse(env.DATABASE_URL).success)
    wrong('DATABASE_URL', 'expected postgres://…')
})
export type Env = z.output<typeof Env>

// #region parse-env
/** Problems are lines `NAME: rule`; they never hold the value. An empty variable counts as missing. */
export function parseEnv(variables: Record<string, string | undefined>) {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const { data, error } = Env.safeParse(present)
  if (data) return { env: data }
  return {
    problems: error.issues.map((issue) => {
      const name = String(issue.path[0])
      return `${name}: ${present[name] === undefined ? 'missing' : issue.message}`
    }),
  }
}
// #endregion

/** The only reader of `process.env`: a wrong environment ends the process before anything opens. */
export function readEnv(): Env {
  const { env, problems } = parseEnv(process.env)
  if (env) return env
  for (const problem of new Set(problems)) console.error(problem)
  process.exit(1)
}
