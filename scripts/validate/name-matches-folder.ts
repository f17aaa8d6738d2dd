import { basename } from 'node:path'
import type { Rule } from '../core/rule.ts'

/** The format asks for it, and clients that name a skill by its folder would call it something else. */
export const rule: Rule = {
  id: 'name-matches-folder',
  summary: 'name equals the folder (or the package name, at the root of a package)',
  check({ root, skill, expectedName, isRepository, packageJson }, report) {
    const name = skill.frontmatter?.data.name
    if (typeof name !== 'string' || name === '') return
    const isPackage = typeof packageJson?.name === 'string'
    if (isRepository && !isPackage) return
    if (same(name, expectedName) || (isPackage && same(name, basename(root)))) return
    report(skill.path, `"name" is "${name}", but the ${isPackage ? 'package' : 'folder'} is called "${expectedName}"; make them equal`, {
      place: skill.frontmatter!.values.get('name'),
      expected: [expectedName],
      profiles: ['spec', 'upload'],
    })
  },
}

function same(one: string, other: string): boolean {
  return one.normalize('NFKC') === other.normalize('NFKC')
}
