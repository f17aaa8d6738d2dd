import type { AgentResult } from '../../agents/result.ts'

export const entryKinds = ['said', 'skill', 'read', 'shell', 'refused', 'failure', 'output'] as const

/** One thing that happened in a run, in order. */
export interface Entry {
  kind: (typeof entryKinds)[number]
  text: string
}

/** A run as a person reads it. */
export interface Transcript {
  entries: Entry[]
  stderr: string
  /** Characters that were left out to keep the report small. */
  cut: number
}

/** What the page embeds and draws. */
export interface ReportData {
  result: AgentResult
  /** By the key of a row; absent where no record was there or the report was full. */
  transcripts: Record<string, Transcript>
  /** Transcripts that were left out because the report was full. */
  leftOut: number
}
