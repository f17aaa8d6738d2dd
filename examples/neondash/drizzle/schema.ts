export * from './operations'
export * from './programme'
