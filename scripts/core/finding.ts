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
  const message = new VFileMessage(printable(reason), { ruleId, source: 'backend-design', place }) as Finding
  message.severity = severity
  message.fatal = severity === 'error' ? true : severity === 'warning' ? false : undefined
  message.profiles = broken
  message.fix = fix
  if (expected) message.expected = expected
  if (note) message.note = note
  return message
}

const unprintable = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu

/** `text` with control characters spelled out: what a checked file holds must not steer a terminal or a log. */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
}

let latest = { text: '', starts: [0] }

/** Line and column (from 1) of a character offset in `text`. */
export function pointAt(text: string, offset: number): Point {
  if (latest.text !== text) latest = { text, starts: lineStarts(text) }
  const { starts } = latest
  let line = 0
  let end = starts.length
  while (end - line > 1) {
    const middle = (line + end) >> 1
    if (starts[middle]! <= offset) line = middle
    else end = middle
  }
  return { line: line + 1, column: offset - starts[line]! + 1, offset }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
