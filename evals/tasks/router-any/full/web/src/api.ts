import type { AppRouter } from '../../server/routers/index.ts'
import { createTRPCClient, httpBatchLink } from '@trpc/client'

/** Client of the API at `url`, with the session token that `token` gives. */
export function createApi(url: string, token: () => string) {
  return createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url, headers: () => ({ authorization: `Bearer ${token()}` }) })],
  })
}

export type Api = ReturnType<typeof createApi>
