import type { Rule } from '../core/rule.ts'

/** Bytes, encoding and Markdown that clients cannot read or that would stall a parser. */
export const rule: Rule = {
  id: 'readable',
  summary: 'every file is UTF-8 text of sane size that a Markdown parser can take',
  check(bundle, report) {
    for (const { path, problem } of bundle.documents.values()) {
      if (problem) report(path, problem.reason, { place: { line: problem.line, column: 1 } })
    }
    for (const { path, reason } of bundle.skipped) {
      if (!reason.startsWith('a link')) report(path, reason, { severity: 'warning' })
    }
  },
}
