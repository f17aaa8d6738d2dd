import type { FileReport } from '../run.ts'

const level = { error: 'error', warning: 'warning', info: 'notice' }

/** Workflow commands that GitHub shows as annotations; values are escaped so that text stays text. */
export function github({ files }: { files: FileReport[] }): string {
  return files
    .flatMap(({ path, messages }) =>
      messages.map(({ ruleId, severity, reason, line, column }) => {
        const properties = [
          `file=${property(path)}`,
          line && `line=${line}`,
          column && `col=${column}`,
          `title=${property(ruleId ?? '')}`,
        ]
        return `::${level[severity]} ${properties.filter(Boolean).join(',')}::${data(reason)}`
      }),
    )
    .join('\n')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
