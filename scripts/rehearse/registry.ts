import type { Rehearsal } from './engine/rehearsal.ts'
import { rehearsal as authDrift } from './auth-drift.ts'
import { rehearsal as badDeploy } from './bad-deploy.ts'
import { rehearsal as coldStart } from './cold-start.ts'
import { rehearsal as connectionExhaustion } from './connection-exhaustion.ts'
import { rehearsal as eventLoopStall } from './event-loop-stall.ts'
import { rehearsal as impersonationMisuse } from './impersonation-misuse.ts'
import { rehearsal as leakedSecret } from './leaked-secret.ts'
import { rehearsal as lockPileUp } from './lock-pile-up.ts'
import { rehearsal as migrationRegression } from './migration-regression.ts'
import { rehearsal as provider429 } from './provider-429.ts'
import { rehearsal as redisDown } from './redis-down.ts'
import { rehearsal as schedulerRun } from './scheduler-run.ts'
import { rehearsal as signatureFailures } from './signature-failures.ts'
import { rehearsal as slowQuery } from './slow-query.ts'
import { rehearsal as staleRole } from './stale-role.ts'
import { rehearsal as streamOrMemoryLeak } from './stream-or-memory-leak.ts'
import { rehearsal as tenantLeak } from './tenant-leak.ts'
import { rehearsal as webhookDuplicates } from './webhook-duplicates.ts'
import { rehearsal as webhookLoss } from './webhook-loss.ts'

/** In the order of the runbooks; registry.test.ts holds both lists to each other. */
export const rehearsals: Rehearsal[] = [
  webhookLoss, webhookDuplicates, signatureFailures,
  authDrift, staleRole, redisDown,
  coldStart, connectionExhaustion, slowQuery, lockPileUp, migrationRegression,
  provider429, schedulerRun,
  streamOrMemoryLeak, eventLoopStall, badDeploy,
  leakedSecret, tenantLeak, impersonationMisuse,
]
