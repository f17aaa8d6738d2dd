export { limits } from './limits.ts'
export { roles, roleNames } from './roles.ts'
