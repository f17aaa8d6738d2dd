import { initTRPC } from '@trpc/server'

export const { procedure, router } = initTRPC.create()
