import { app } from './app.ts'
import { env } from './env.ts'
import { work } from './worker.ts'

const server = Bun.serve({ port: env.PORT, fetch: app.fetch })
void work()
console.log(`listening on ${server.url}`)
