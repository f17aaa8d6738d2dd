import type { Rule } from '../core/rule.ts'

/** Bytes, encoding and Markdown that clients cannot read or that would stall a parser. */
export const rule: Rule = {
  id: 'readable',
  summary: 'every file is UTF-8 text of sane size that a Markdown parser can take',
  check({ documents, skipped, entries, isRepository }, report) {
    for (const { path, problem } of documents.values()) {
      if (problem && entries.get(path)?.leads !== 'outside') {
        report(path, problem.reason, { place: { line: problem.line, column: 1 } })
      }
    }
    for (const { path, reason, severity = 'warning' } of skipped) {
      if (!isRepository || path === '' || /^(?:references|scripts|assets)(?:\/|$)/.test(path)) {
        report(path, reason, { severity })
      }
    }
  },
}
