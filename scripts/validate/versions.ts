import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'
import { statements, tableIn, verifiedLine } from '../core/versions.ts'

/**
 * Every stated version is the one that package.json pins: "Verified with" lines, which all references need once one
 * has such a line, what `compatibility` says is verified, the packages below examples/ and the README's table.
 */
export const rule: Rule = {
  id: 'versions',
  summary: '"Verified with" lines, compatibility, examples and the version table agree with package.json',
  check(bundle, report) {
    const { documents, packageJson, skill, examples } = bundle
    const lines = [...documents.values()].map((document) => ({ document, line: verifiedLine(document) }))
    if (!packageJson || lines.every(({ line }) => !line)) return
    const stated = statements(bundle)
    for (const { document: { path, text, problem }, line } of lines) {
      if (!line) {
        if (path.startsWith('references/') && !problem)
          report(path, 'no "**Verified with**" line; name the packages and versions the page was checked with')
      } else if (!stated.some((statement) => statement.path === path && statement.offset >= line.offset)) {
        report(path, 'the "Verified with" line names no `package@version`; name at least one', {
          place: pointAt(text, line.offset),
        })
      }
    }
    for (const { path, offset, name, version, package: id, due } of stated) {
      const place = pointAt(documents.get(path)?.text ?? examples.get(path) ?? '', offset)
      if (due === undefined)
        report(path, `${id} is not pinned in package.json; add it or drop it from the line`, { place })
      else if (/^\d/.test(due) && due !== version) {
        const isPage = path !== skill.path && documents.has(path)
        const advice = isPage ? 'check the page again and run npm run versions' : 'run npm run versions'
        const what = isPage ? `verified with ${id}@${version}` : `states ${id} ${version}`
        report(path, `${what}, package.json has ${due}; ${advice}`, { place, expected: [`${name}${due}${isPage ? '`' : ''}`] })
      }
    }
    const table = tableIn(bundle)
    if (table && !table.isCurrent)
      report('README.md', 'the version table differs from package.json and the "Verified with" lines; run npm run versions', {
        place: pointAt(documents.get('README.md')!.text, table.start),
      })
  },
}
