import { VFileMessage } from 'vfile-message'
import type { Point, Position } from 'unist'

export type Severity = 'error' | 'warning' | 'info'

/** The sets of limits a skill is held to: the open format, what Claude Code adds, what uploads accept. */
export const profiles = ['spec', 'claude', 'upload'] as const
export type Profile = (typeof profiles)[number]

export interface FindingOptions {
  /** Where in the file; lines and columns count from 1. A whole file when left out. */
  place?: Point | Position | undefined
  severity?: Severity
  /** Profiles that the finding breaks; all when left out. */
  profiles?: Profile[]
  /** Text that would be right instead. */
  expected?: string[]
  /** Longer explanation, printed by `--explain`-like reporters. */
  note?: string
  /** Mechanical correction, applied by `--fix`: replaces the characters from `start` to `end`. */
  fix?: { start: number; end: number; text: string }
}

export interface Finding extends VFileMessage {
  severity: Severity
  profiles: Profile[] | undefined
  fix: FindingOptions['fix']
}

/**
 * Build one finding. `reason` says what is wrong and what to do, in one sentence.
 * The shape is `VFileMessage`, so every reporter of the unified ecosystem prints it.
 */
export function finding(ruleId: string, reason: string, options: FindingOptions = {}): Finding {
  const { place, severity = 'error', profiles: broken, expected, note, fix } = options
  const message = new VFileMessage(reason, { ruleId, source: 'backend-design', place }) as Finding
  message.severity = severity
  message.fatal = severity === 'error' ? true : severity === 'warning' ? false : undefined
  message.profiles = broken
  message.fix = fix
  if (expected) message.expected = expected
  if (note) message.note = note
  return message
}

/** Line and column (from 1) of a character offset in `text`. */
export function pointAt(text: string, offset: number): Point {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return { line, column: offset - start + 1, offset }
}
