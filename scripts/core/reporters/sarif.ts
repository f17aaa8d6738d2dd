import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FileReport } from '../run.ts'

const level = { error: 'error', warning: 'warning', info: 'note' } as const

export interface SarifRule {
  id: string
  summary: string
}

/** SARIF 2.1.0 (OASIS), one run of the tool `name`; paths are relative to the current folder. */
export function sarif({ files }: { files: FileReport[] }, name: string, rules: SarifRule[]): string {
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name,
              rules: rules.map(({ id, summary }) => ({ id, shortDescription: { text: summary } })),
            },
          },
          originalUriBaseIds: { ROOT: { uri: pathToFileURL(join(process.cwd(), '/')).href } },
          columnKind: 'utf16CodeUnits',
          results: files.flatMap(({ path, messages }) => messages.map((message) => result(path, message, rules))),
        },
      ],
    },
    null,
    2,
  )
}

function result(
  path: string,
  { ruleId, severity, reason, line, column, place }: FileReport['messages'][number],
  rules: SarifRule[],
) {
  const end = place && 'end' in place && place.end.line ? { endLine: place.end.line, endColumn: place.end.column } : {}
  return {
    ruleId,
    ruleIndex: rules.findIndex(({ id }) => id === ruleId),
    level: level[severity],
    message: { text: reason },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' },
          ...(line && { region: { startLine: line, startColumn: column ?? 1, ...end } }),
        },
      },
    ],
  }
}
