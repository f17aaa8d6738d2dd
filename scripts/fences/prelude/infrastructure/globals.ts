declare global {
  const dropLocal: (key: string, version: number) => void
  const env: { DATABASE_URL: string }
  const logLost: (error: Error) => void
  const redis: import('bun').RedisClient
  const signal: (name: string, key: string) => void
}

export {}
