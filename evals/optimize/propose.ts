import type { SkillCard } from '../clients/client.ts'

/** A train prompt that went wrong. */
export interface Failure {
  query: string
  /** `missed`: the skill should have loaded. `false load`: it should not have. */
  kind: 'missed' | 'false load'
  /** What should have loaded; null for nothing. */
  expected: string | null
  /** What loaded in most runs; null for nothing. */
  loaded: string | null
}

/** A description that was tried. */
export interface Attempt {
  description: string
  /** Train prompts that were right with it; absent when it was not allowed. */
  right?: number
  problem?: string
}

/** All that a proposer gets to know: train, never validation. */
export interface Question {
  /** The best description so far. */
  skill: SkillCard
  failures: Failure[]
  /** Earlier proposals, the first being the description at the start. */
  tried: Attempt[]
}

/** Proposes another description, or nothing when it knows no better one. */
export type Proposer = (question: Question) => Promise<string | undefined>
