import type { FileReport } from '../run.ts'

/** `[{path, messages: [{ruleId, severity, reason, line, column, …}]}]`, files without findings included. */
export function json({ files }: { files: FileReport[] }): string {
  const rows = files.map(({ path, messages }) => ({
    path,
    messages: messages.map(({ ruleId, severity, reason, line, column, place, profiles, expected, note, url }) => ({
      ruleId,
      severity,
      reason,
      line: line ?? null,
      column: column ?? null,
      ...(place && 'end' in place && place.end.line && { endLine: place.end.line, endColumn: place.end.column }),
      ...(profiles && { profiles }),
      ...(expected && { expected }),
      ...(note && { note }),
      ...(url && { url }),
    })),
  }))
  return JSON.stringify(rows, null, 2)
}
