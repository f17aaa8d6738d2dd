import { fencesOf } from '../core/fences.ts'
import { fingerprint, regionNames, regionOf } from '../core/regions.ts'
import { proposer } from '../core/nearest.ts'
import type { Rule } from '../core/rule.ts'

/** A fence with `file=path#region` is that region, and a test run has executed exactly this version of it. */
export const rule: Rule = {
  id: 'quotes',
  summary: 'quoted fences equal their region, which exists and which a test run has executed',
  check({ documents, quoted, executed }, report) {
    for (const document of documents.values()) {
      for (const { node, attributes } of fencesOf(document)) {
        if (!attributes.file) continue
        const [path = '', name = ''] = attributes.file.split('#')
        const place = { ...node.position!, end: node.position!.start }
        const source = quoted.get(path)
        if (source === undefined) {
          report(document.path, `there is no readable file "${path}" in this repository; correct the path`, { place })
          continue
        }
        const region = regionOf(source, name)
        if (!region) {
          const near = proposer()(name, regionNames(source))
          report(document.path, `"${path}" has no closed region "${name}"; ${near ? `did you mean "${near}"?` : 'mark it with // #region'}`, { place })
        } else if (region.text !== node.value) {
          report(document.path, `the fence differs from "${attributes.file}"; run npm run quote`, { place })
        } else if (/\.tsx?$/.test(path) && !path.endsWith('.test.ts') && executed[attributes.file] !== fingerprint(region.text)) {
          report(document.path, `no test run has executed this version of "${attributes.file}"; run npm run test:example`, { place })
        }
      }
    }
  },
}
