import type { Rule } from '../core/rule.ts'

/** The format asks for it, and clients that name a skill by its folder would call it something else. */
export const rule: Rule = {
  id: 'name-matches-folder',
  summary: 'name equals the folder (the package name at a repository root)',
  check({ skill, expectedName, isRepository }, report) {
    const name = skill.frontmatter?.data.name
    if (typeof name !== 'string' || name === '') return
    if (name.normalize('NFKC') === expectedName.normalize('NFKC')) return
    report(skill.path, `"name" is "${name}", but the ${isRepository ? 'package' : 'folder'} is called "${expectedName}"; make them equal`, {
      place: skill.frontmatter!.values.get('name'),
      expected: [expectedName],
      profiles: ['spec', 'upload'],
    })
  },
}
