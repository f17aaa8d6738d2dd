import type { Rig } from './rig.ts'

/** One thing a good result holds; `check` throws, with a sentence, where it does not. */
export interface Criterion {
  id: string
  /** `basic`: what the user asked for. `expert`: what they left unsaid. */
  tier: 'basic' | 'expert'
  /** What holds, as a statement. */
  text: string
  /** `changed` (default): production's database after the result's `db:migrate`. `production`: before it. */
  database?: 'changed' | 'production'
  check(rig: Rig): Promise<void>
}

/** Criteria of a task, checked for names that occur twice. */
export function defineGrader(criteria: Criterion[]): Criterion[] {
  const twice = criteria.find(({ id }, index) => criteria.findIndex((one) => one.id === id) !== index)
  if (twice) throw new Error(`two criteria are called "${twice.id}"`)
  return criteria
}
