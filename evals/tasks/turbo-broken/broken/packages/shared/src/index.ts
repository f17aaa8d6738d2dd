export { roles, roleNames } from './roles.ts'
export { limits } from '@studio/api/limits'
export type { AppRouter } from '@studio/api/router'
