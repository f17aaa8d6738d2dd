export * from './drizzle/schema'
