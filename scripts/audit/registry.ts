import type { Rule } from './engine/rule.ts'
import { rule as cacheWithoutInvalidation } from './cache-without-invalidation.ts'
import { rule as clientInRouter } from './client-in-router.ts'
import { rule as corsCredentials } from './cors-credentials.ts'
import { rule as dbInTransaction } from './db-in-transaction.ts'
import { rule as dbPushInDeploy } from './db-push-in-deploy.ts'
import { rule as dedupAfterWork } from './dedup-after-work.ts'
import { rule as dedupKeyRandom } from './dedup-key-random.ts'
import { rule as disableComment } from './disable-comment.ts'
import { rule as envOutsideModule } from './env-outside-module.ts'
import { rule as errorDetailsLeak } from './error-details-leak.ts'
import { rule as fkWithoutIndex } from './fk-without-index.ts'
import { rule as inMemoryQueue } from './in-memory-queue.ts'
import { rule as lockingMigration } from './locking-migration.ts'
import { rule as logWithoutCorrelation } from './log-without-correlation.ts'
import { rule as middlewareAfterRoutes } from './middleware-after-routes.ts'
import { rule as migrationWithoutDown } from './migration-without-down.ts'
import { rule as nPlusOne } from './n-plus-one.ts'
import { rule as oneToOneTable } from './one-to-one-table.ts'
import { rule as outboundWithoutTimeout } from './outbound-without-timeout.ts'
import { rule as outdatedApi } from './outdated-api.ts'
import { rule as packageCycle } from './package-cycle.ts'
import { rule as readable } from './readable.ts'
import { rule as roleFromClaims } from './role-from-claims.ts'
import { rule as secretInLog } from './secret-in-log.ts'
import { rule as secretInSource } from './secret-in-source.ts'
import { rule as serverImportInWeb } from './server-import-in-web.ts'
import { rule as sessionStateOnPooled } from './session-state-on-pooled.ts'
import { rule as sseIdleTimeout } from './sse-idle-timeout.ts'
import { rule as sseWithoutAbort } from './sse-without-abort.ts'
import { rule as tenantFilterMissing } from './tenant-filter-missing.ts'
import { rule as timerWithoutLease } from './timer-without-lease.ts'
import { rule as transactionOnHttpDriver } from './transaction-on-http-driver.ts'
import { rule as turboPipeline } from './turbo-pipeline.ts'
import { rule as unboundedSelect } from './unbounded-select.ts'
import { rule as unvalidatedInput } from './unvalidated-input.ts'
import { rule as updateWithoutWhere } from './update-without-where.ts'
import { rule as webhookFailsOpen } from './webhook-fails-open.ts'
import { rule as webhookParsedBody } from './webhook-parsed-body.ts'
import { rule as webhookUnverified } from './webhook-unverified.ts'
import { rule as webhookWorkBeforeStore } from './webhook-work-before-store.ts'

/** Every rule, in the order in which `--list` shows and a run applies them. */
export const registry: Rule[] = [
  oneToOneTable, fkWithoutIndex, clientInRouter, migrationWithoutDown, inMemoryQueue, logWithoutCorrelation,
  cacheWithoutInvalidation, outboundWithoutTimeout, webhookUnverified, webhookParsedBody, webhookFailsOpen,
  webhookWorkBeforeStore, dedupKeyRandom, dedupAfterWork, corsCredentials, middlewareAfterRoutes, unvalidatedInput,
  errorDetailsLeak, sseWithoutAbort, sseIdleTimeout, roleFromClaims, tenantFilterMissing, updateWithoutWhere,
  transactionOnHttpDriver, dbInTransaction, sessionStateOnPooled, nPlusOne, unboundedSelect, dbPushInDeploy,
  lockingMigration, timerWithoutLease, secretInLog, secretInSource, envOutsideModule, turboPipeline, packageCycle,
  serverImportInWeb, outdatedApi, readable, disableComment,
]
