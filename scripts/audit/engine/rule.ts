import type { Severity } from '../../core/finding.ts'
import type { Project } from '../model/project.ts'
import type { Source } from './source.ts'

/** A place in a file; lines and columns count from 1. */
export interface Place {
  line: number
  column: number
  endLine: number
  endColumn: number
}

export interface Options {
  severity?: Severity
}

/** Tell of something at `node` in the file that is being looked at; `reason` says what is wrong and what to do. */
export type Report = (node: object, reason: string, options?: Options) => void

/** Tell of something in any file of the project; without a place it is about the file as a whole. */
export type ProjectReport = (path: string, place: Place | undefined, reason: string, options?: Options) => void

/** What a rule saw in one file and can judge only when every file was seen. Plain data: it crosses threads. */
export interface Candidate<Data = any> {
  path: string
  place: Place
  data: Data
}

/** What the fix does to a running system, as the runbooks class it. */
export type Operation = 'proposal' | 'behaviour change' | 'destructive'

export interface Rule {
  /** Equals the file's name and its test's. */
  id: string
  /** What is flagged, in one line. */
  summary: string
  /** Severity of a finding that names none. */
  severity: Severity
  /** What goes wrong when it stays, in one sentence. */
  why: string
  /** What to do, in one sentence. */
  fix: string
  operation: Operation
  /** Section that explains it, such as `database-design.md#table-standard`. */
  reference: string
  /** Files without a match in text or path are not looked at by `check` and `collect`. */
  mentions?: RegExp
  /** Judge one file by itself. */
  check?(source: Source, report: Report): void
  /** Note what needs the rest of the project. */
  collect?(source: Source, add: (node: object, data: any) => void): void
  /** Judge the project with what `collect` noted. */
  judge?(candidates: Candidate[], project: Project, report: ProjectReport): void | Promise<void>
}

/** One finding as it crosses threads. */
export interface RawFinding {
  path: string
  ruleId: string
  reason: string
  severity: Severity
  place: Place | undefined
}

/** Place of a syntax node. */
export function placeOf(node: any): Place {
  const { start, end } = node.loc
  return { line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 }
}
