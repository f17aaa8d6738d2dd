import { procedure } from '../_core/trpc'

export const list = procedure.query(() => [{ id: 1 }])
