import { paint, plural, usesColor } from '../../core/reporters/pretty.ts'
import { reporter } from 'vfile-reporter'
import { VFile } from 'vfile'
import { printable } from '../../core/finding.ts'
import { databaseRegistry } from '../database/registry.ts'
import { registry } from '../registry.ts'
import type { AuditResult } from './run.ts'

/** Findings by file, then what each rule that fired is about, then the summary. */
export function pretty({ files, looked, rules, tables }: AuditResult, quiet: boolean): string {
  const color = usesColor()
  const all = files.flatMap(({ messages }) => messages)
  const count = (severity: string) => all.filter((message) => message.severity === severity).length
  const [errors, warnings, hints] = [count('error'), count('warning'), count('info')]
  const verdict = errors > 0 ? paint('red', 'failed', color) : warnings > 0 ? paint('yellow', 'passed with warnings', color) : paint('green', 'passed', color)
  const parts: string[] = []
  if (all.length > 0) {
    parts.push(reporter(files.map(({ path, messages }) => {
      const file = new VFile({ path: printable(path) })
      file.messages.push(...messages)
      return file
    }), { color, quiet }))
    const fired = [...registry, ...databaseRegistry].filter(({ id }) => all.some(({ ruleId }) => ruleId === id))
    parts.push(fired.map(({ id, why, fix, operation, reference }) => `${id}: ${why}\n  Fix (${operation}): ${fix}\n  Read references/${reference}`).join('\n'))
  }
  parts.push(`${plural(looked, 'file')}, ${plural(tables, 'table')}, ${plural(rules, 'rule')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}, ${plural(hints, 'hint')}: ${verdict}`)
  return parts.join('\n\n')
}
