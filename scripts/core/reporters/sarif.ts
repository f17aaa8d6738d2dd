import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { registry } from '../../validate/registry.ts'
import type { RunResult } from '../run.ts'

const level = { error: 'error', warning: 'warning', info: 'note' } as const

/** SARIF 2.1.0 (OASIS), one run; paths are relative to the current folder. */
export function sarif({ files }: RunResult): string {
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'backend-design-validate',
              rules: registry.map(({ id, summary }) => ({ id, shortDescription: { text: summary } })),
            },
          },
          originalUriBaseIds: { ROOT: { uri: pathToFileURL(join(process.cwd(), '/')).href } },
          columnKind: 'utf16CodeUnits',
          results: files.flatMap(({ path, messages }) => messages.map((message) => result(path, message))),
        },
      ],
    },
    null,
    2,
  )
}

function result(
  path: string,
  { ruleId, severity, reason, line, column, place }: RunResult['files'][number]['messages'][number],
) {
  const end = place && 'end' in place && place.end.line ? { endLine: place.end.line, endColumn: place.end.column } : {}
  return {
    ruleId,
    ruleIndex: registry.findIndex(({ id }) => id === ruleId),
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
