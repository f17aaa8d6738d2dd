import type { Document } from '../core/bundle.ts'
import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const pin = /`((?:@[\w.-]+\/)?[\w.-]+)@(\d[\w.+-]*)`/g

/** "Verified with" lines name the versions that package.json pins; once one reference has such a line, all need it. */
export const rule: Rule = {
  id: 'versions',
  summary: '"Verified with" lines agree with package.json',
  check({ documents, packageJson }, report) {
    const lines = [...documents.values()].map((document) => ({ document, line: verifiedLine(document) }))
    if (!packageJson || lines.every(({ line }) => !line)) return
    const pinned: Record<string, unknown> = {
      ...packageJson.peerDependencies,
      ...packageJson.optionalDependencies,
      ...packageJson.dependencies,
      ...packageJson.devDependencies,
    }
    for (const {
      document: { path, text, problem },
      line,
    } of lines) {
      if (!line) {
        if (path.startsWith('references/') && !problem)
          report(path, 'no "**Verified with**" line; name the packages and versions the page was checked with')
        continue
      }
      const found = [...line.text.matchAll(pin)]
      if (found.length === 0)
        report(path, 'the "Verified with" line names no `package@version`; name at least one', {
          place: pointAt(text, line.offset),
        })
      for (const { 1: name = '', 2: version = '', index } of found) {
        const due = pinned[name]
        const place = pointAt(text, line.offset + index)
        if (typeof due !== 'string')
          report(path, `${name} is not pinned in package.json; add it or drop it from the line`, { place })
        else if (/^\d/.test(due) && due !== version) {
          report(
            path,
            `verified with ${name}@${version}, package.json has ${due}; check the page again and update the line`,
            {
              place,
              expected: [`\`${name}@${due}\``],
            },
          )
        }
      }
    }
  },
}

function verifiedLine({ text }: Document): { text: string; offset: number } | undefined {
  const match = /^\*\*Verified with\*\*.*(?:\n(?!\s*\n).+)*/m.exec(text)
  return match ? { text: match[0], offset: match.index } : undefined
}
