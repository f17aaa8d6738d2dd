import type { AppRouter } from '@studio/shared'
import { createTRPCClient, httpBatchLink } from '@trpc/client'

export const api = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${API_URL}/trpc` })] })
