import { rule } from './error-details-leak.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"

testRule(rule, [
  ['a route', `${hono}app.get('/a', async (c) => {\n  try { return c.json(await load()) } catch (error) {\n    return c.json({ error: error.message, stack: (error as Error).stack }, 500)\n  }\n})\napp.onError((err, c) => c.text(String(err), 500))`, [
    'server/api.ts:5:28 warning error.message goes to the client; log it and send a fixed text with the request id',
    'server/api.ts:5:50 error error.stack goes to the client; log it and send a fixed text with the request id',
    'server/api.ts:8:39 warning err goes to the client; log it and send a fixed text with the request id',
  ]],
  ['a procedure', "import { TRPCError } from '@trpc/server'\nexport const p = publicProcedure.query(async () => {\n  try { await load() } catch (e) {\n    if (a) throw new TRPCError({ code: 'BAD_REQUEST', message: `failed: ${e.message}` })\n    throw new TRPCError({ code: 'CONFLICT', cause: e })\n  }\n})", [
    'server/api.ts:4:75 warning e.message becomes the message that the client reads; write a fixed text and pass the error as cause',
    'server/api.ts:5:11 error without a message of its own TRPCError sends that of the cause; write one'.replace('error without', 'warning without'),
  ]],
  ['fixed texts, known errors, development, logs', `${hono}import { TRPCError } from '@trpc/server'\napp.onError((err, c) => {\n  log.error(err.message)\n  if (err instanceof HTTPException) return c.json({ error: err.message }, err.status)\n  return c.json({ error: 'internal', detail: env.isDev ? err.message : undefined, id }, 500)\n})\ntry { x() } catch (e) { throw new TRPCError({ code: 'CONFLICT', message: 'taken', cause: e }) }`, []],
])
