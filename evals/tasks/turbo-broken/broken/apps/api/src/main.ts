import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { config } from './config.ts'
import { appRouter } from './router.ts'

Bun.serve({
  port: config.port,
  fetch: (req) => fetchRequestHandler({ endpoint: '/trpc', req, router: appRouter, createContext: () => ({}) }),
})
console.log(`listening, database ${new URL(config.databaseUrl).pathname}`)
