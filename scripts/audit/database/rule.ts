import type { Rule } from '../engine/rule.ts'

/** A rule that asks the catalogue of a live database. */
export interface DatabaseRule extends Rule {
  /** One read-only statement; each row is a finding. */
  query: string
  /** What is wrong and what to do, for one row. */
  say(row: any): string
}
