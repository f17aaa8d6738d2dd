import { impersonation } from './impersonation'
import { router } from './init'
import { leads } from './leads'
import { me } from './me'
import { payments } from './payments'
import { sessions } from './sessions'
import { staff } from './staff'

/** The one place where routers meet. A name here is a client's cache key: keep an alias for one deploy. */
export const appRouter = router({ impersonation, leads, me, payments, sessions, staff })
export type AppRouter = typeof appRouter
