import type { AppRouter } from '@studio/api/router'
import { createTRPCClient, httpBatchLink } from '@trpc/client'

export const api = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${API_URL}/trpc` })] })
