import type { DatabaseRule } from './rule.ts'
import { rule as dbBloat } from './db-bloat.ts'
import { rule as dbDuplicateIndex } from './db-duplicate-index.ts'
import { rule as dbFkWithoutIndex } from './db-fk-without-index.ts'
import { rule as dbInvalid } from './db-invalid.ts'
import { rule as dbLongTransaction } from './db-long-transaction.ts'
import { rule as dbMoneyFloat } from './db-money-float.ts'
import { rule as dbNoPrimaryKey } from './db-no-primary-key.ts'
import { rule as dbSequenceOverflow } from './db-sequence-overflow.ts'
import { rule as dbTimestampWithoutZone } from './db-timestamp-without-zone.ts'
import { rule as dbUnusedIndex } from './db-unused-index.ts'

/** Every rule for a live database, in the order in which they run. */
export const databaseRegistry: DatabaseRule[] = [
  dbFkWithoutIndex, dbDuplicateIndex, dbUnusedIndex, dbNoPrimaryKey, dbInvalid,
  dbLongTransaction, dbBloat, dbSequenceOverflow, dbTimestampWithoutZone, dbMoneyFloat,
]
