import type { Document } from '../core/bundle.ts'
import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const pin = /`((?:@[\w.-]+\/)?[\w.-]+)@(\d[\w.+-]*)`/g

/** "Verified with" lines name the versions that package.json pins. */
export const rule: Rule = {
  id: 'versions',
  summary: '"Verified with" lines agree with package.json',
  check({ documents, packageJson, isRepository }, report) {
    const pinned: Record<string, string> = { ...packageJson?.dependencies, ...packageJson?.devDependencies }
    for (const document of documents.values()) {
      const line = verifiedLine(document)
      if (!line) {
        if (isRepository && document.path.startsWith('references/')) {
          report(document.path, 'no "**Verified with**" line; name the packages and versions the page was checked with')
        }
        continue
      }
      const found = [...line.text.matchAll(pin)]
      if (found.length === 0) report(document.path, 'the "Verified with" line names no `package@version`', { place: pointAt(document.text, line.offset) })
      if (!isRepository) continue
      for (const match of found) {
        const [, name, version] = match as unknown as [string, string, string]
        const due = pinned[name]
        const place = pointAt(document.text, line.offset + match.index)
        if (due === undefined) report(document.path, `${name} is not pinned in package.json; add it or drop it from the line`, { place })
        else if (due !== version) {
          report(document.path, `verified with ${name}@${version}, package.json has ${due}; check the page again and update the line`, {
            place, expected: [`\`${name}@${due}\``],
          })
        }
      }
    }
  },
}

function verifiedLine({ text }: Document): { text: string; offset: number } | undefined {
  const match = /^\*\*Verified with\*\*.*(?:\n(?!\s*\n).+)*/m.exec(text)
  return match ? { text: match[0], offset: match.index } : undefined
}
