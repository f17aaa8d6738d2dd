import { procedure } from '../_core/trpc'

export const create = procedure.mutation(() => ({ id: 1 }))
