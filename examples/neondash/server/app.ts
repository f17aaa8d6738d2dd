import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { except } from 'hono/combine'
import { contextStorage } from 'hono/context-storage'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { secureHeaders } from 'hono/secure-headers'
import { identify } from './auth/identify'
import { type AppEnv, completeDeps, type Deps, type Needed } from './deps'
import { accessLog } from './http/access-log'
import { deadline } from './http/deadline'
import { notFound, onError } from './http/errors'
import { healthRoutes } from './http/health'
import { limitByActor, limitByIp } from './http/limits'
import { uploadRoutes } from './http/uploads'
import { agendaRoutes } from './sse/agenda'
import { mountTrpc } from './trpc/mount'
import { webhookRoutes } from './webhooks/routes'

/** A place in the chain: `why` says what breaks when it moves, and app.test.ts breaks it. */
export interface Position {
  name: string
  why: string
  mount(app: Hono<AppEnv>): unknown
}

// #region middleware-order
/** Every request passes these from top to bottom, until one answers. */
export function positions(deps: Deps): Position[] {
  const { env } = deps
  return [
    {
      name: 'contextStorage',
      why: 'adapters read the request id from here; nothing may run outside of it',
      mount: (app) => app.use(contextStorage()),
    },
    {
      name: 'ownResponse',
      why: 'a raw Response, as tRPC returns it, would drop headers that c.header() set before',
      mount: (app) =>
        app.use(async (c, next) => {
          c.res
          await next()
        }),
    },
    {
      name: 'requestId',
      why: 'every log line from here on carries it',
      mount: (app) => app.use(requestId()),
    },
    {
      name: 'accessLog',
      why: 'sees the final status of everything below, preflights too',
      mount: (app) => app.use(accessLog(deps)),
    },
    // #region edge-order
    {
      name: 'cors',
      why: 'a preflight has no token, and a browser reads a 413 or 429 only with these headers',
      mount: (app) =>
        app.use(
          cors({
            origin: env.APP_ORIGINS,
            credentials: true,
            allowHeaders: [
              'content-type',
              'authorization',
              'trpc-accept',
              'x-request-id',
              'x-impersonation-grant',
            ],
            exposeHeaders: ['x-request-id', 'retry-after'],
          }),
        ),
    },
    {
      name: 'secureHeaders',
      why: 'on every answer, errors and probes included',
      mount: (app) => app.use(secureHeaders()),
    },
    {
      name: 'methodNotAllowed',
      why: '404 of a wrong method becomes 405, for the routes below',
      mount: (app) => app.use(methodNotAllowed({ app })),
    },
    {
      name: 'health',
      why: 'a probe must never get 429',
      mount: (app) => app.route('/', healthRoutes(deps)),
    },
    {
      name: 'limitByIp',
      why: 'the cheapest refusal: no body read, no token verified',
      mount: (app) => app.use(limitByIp(deps)),
    },
    {
      name: 'deadline',
      why: 'also ends a body that never arrives',
      mount: (app) => app.use(deadline(env.REQUEST_TIMEOUT_MS)),
    },
    {
      name: 'bodyLimit',
      why: 'before anything reads a body',
      mount: (app) => app.use(except('/api/uploads/*', bodyLimit({ maxSize: 1_000_000, onError: tooLarge }))),
    },
    {
      name: 'webhooks',
      why: 'a sender has a signature, not a token',
      mount: (app) => app.route('/webhooks', webhookRoutes(deps)),
    },
    {
      name: 'identify',
      why: 'names the caller; procedures refuse, so public calls survive',
      mount: (app) => app.use('/trpc/*', identify(deps)).use('/api/*', identify(deps)),
    },
    {
      name: 'limitByActor',
      why: 'one bucket per person; above identify, an office would share one',
      mount: (app) => app.use('/trpc/*', limitByActor(deps)).use('/api/*', limitByActor(deps)),
    },
    // #endregion
    {
      name: 'trpc',
      why: 'routes come last: a middleware below its route never runs',
      mount: (app) => mountTrpc(app, deps),
    },
    {
      name: 'uploads',
      why: 'a route with a larger body limit of its own, exempt from the one above',
      mount: (app) => app.route('/api/uploads', uploadRoutes(deps)),
    },
    {
      name: 'agenda',
      why: 'a stream outlives the deadline: that ends with the response headers',
      mount: (app) => app.route('/api/agenda', agendaRoutes(deps)),
    },
  ]
}
// #endregion

/** One instance of the backend; `order` exists for the test that swaps positions. */
export function createApp(needed: Needed, order = positions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  for (const position of order(completeDeps(needed))) position.mount(app)
  app.onError(onError)
  app.notFound(notFound)
  return app
}

function tooLarge(): never {
  throw new HTTPException(413, { message: 'Body too large' })
}
