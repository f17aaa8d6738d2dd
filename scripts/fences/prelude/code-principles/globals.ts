type Service = typeof import('./service-factory')

declare global {
  type Db = import('./service-factory').Db
  const db: Db
  const schema: typeof import('./schema')
  const createLeadService: Service['createLeadService']
  const eq: typeof import('drizzle-orm').eq
  const expect: typeof import('bun:test').expect
  const test: typeof import('bun:test').test
}

export {}
