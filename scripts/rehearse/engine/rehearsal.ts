import type { Scene } from './scene.ts'

export interface Rehearsal {
  /** Anchor of the runbook. */
  runbook: string
  /** What is broken, in a few words. */
  fault: string
  /** Words of the runbook → why nobody rehearses them here. */
  unrehearsed: Record<string, string>
  play(scene: Scene): Promise<void>
}

export interface Outcome {
  runbook: string
  fault: string
  ok: boolean
  /** Why it failed. */
  problem?: string
  /** From the fault until the first block said yes. */
  detectMs?: number
  /** From the first step until the first block said no and a real request worked. */
  recoverMs?: number
  /** Words of the runbook that were carried out. */
  rehearsed: string[]
  unrehearsed: Record<string, string>
}
