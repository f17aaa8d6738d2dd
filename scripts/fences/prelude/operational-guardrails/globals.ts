declare global {
  type Caller = import('./router').Caller
  const TRPCError: typeof import('@trpc/server').TRPCError
  const appRouter: typeof import('./router').appRouter
  const callerOfB: Caller
  const checksumOfA: () => Promise<string>
  const clerk: import('@clerk/backend').ClerkClient
  const env: { WEB_ORIGINS: string[] }
  const expect: typeof import('bun:test').expect
  const leadOfA: number
  const test: typeof import('bun:test').test
}

export {}
