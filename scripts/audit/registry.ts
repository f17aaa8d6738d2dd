import type { Rule } from './engine/rule.ts'
import { rule as cacheWithoutInvalidation } from './cache-without-invalidation.ts'
import { rule as clientInRouter } from './client-in-router.ts'
import { rule as disableComment } from './disable-comment.ts'
import { rule as fkWithoutIndex } from './fk-without-index.ts'
import { rule as inMemoryQueue } from './in-memory-queue.ts'
import { rule as logWithoutCorrelation } from './log-without-correlation.ts'
import { rule as migrationWithoutDown } from './migration-without-down.ts'
import { rule as oneToOneTable } from './one-to-one-table.ts'
import { rule as outboundWithoutTimeout } from './outbound-without-timeout.ts'
import { rule as readable } from './readable.ts'

/** Every rule, in the order in which `--list` shows and a run applies them. */
export const registry: Rule[] = [
  oneToOneTable, fkWithoutIndex, clientInRouter, migrationWithoutDown, inMemoryQueue, logWithoutCorrelation,
  cacheWithoutInvalidation, outboundWithoutTimeout,
  readable, disableComment,
]
