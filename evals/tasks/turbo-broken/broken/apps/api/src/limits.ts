import { config } from './config.ts'

export const limits = { nameLength: config.nameLength, pageSize: config.pageSize }
