import type { Route } from '../../scripts/core/routing.ts'

/** What every client shows a model of a skill before it loads. */
export interface SkillCard {
  name: string
  description: string
}

/** What a client needs to be set up. */
export interface Library {
  /** The skill under test. */
  skill: SkillCard
  /** The skills that stand beside it. */
  catalog: SkillCard[]
  /** Rows of the routing table of the skill under test. */
  routes: Route[]
}

export interface Decision {
  /** Name of the skill that loads; null when none does. */
  skill: string | null
  /** References that are read; left out when the client cannot tell. */
  references?: string[]
  /** Why, in a few words, for the list of misses. */
  why?: string
}

/**
 * Something that decides which skill loads. `decide` throws when it could not find out (rate limit,
 * timeout, broken answer): such a prompt is unusable, which is not the same as "nothing loads".
 */
export interface Client {
  name: string
  /** What the client is, for the head of the report. */
  about: string
  /** A prompt on which the skill under test must load before any score counts. */
  control: string
  decide(query: string): Decision | Promise<Decision>
}
