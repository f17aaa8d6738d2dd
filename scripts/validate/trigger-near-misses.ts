import { visit } from 'unist-util-visit'
import { parsePrompts } from '../core/triggers.ts'
import { exclusionsOf } from '../core/routing.ts'
import type { Document } from '../core/bundle.ts'
import type { Rule } from '../core/rule.ts'

const path = 'evals/triggers.json'
const leastPerNeighbour = 2

/** A neighbour that SKILL.md sends people to is only a boundary when prompts test it. */
export const rule: Rule = {
  id: 'trigger-near-misses',
  summary: 'every neighbour skill of "When NOT to use" and of evals/catalog has near-miss prompts',
  check({ skill, triggers, catalog }, report) {
    if (triggers === undefined) return
    const parsed = parsePrompts(triggers, String(skill.frontmatter?.data.name ?? ''))
    if (
      'problem' in parsed ||
      parsed.prompts.every(({ expected_skill, should_trigger }) => should_trigger || expected_skill === null)
    )
      return
    const count = (name: string) =>
      parsed.prompts.filter((prompt) => !prompt.should_trigger && prompt.expected_skill === name).length
    for (const { name, place } of neighbours(skill)) {
      if (!catalog.some((entry) => entry.name === name))
        report(skill.path, `the neighbour "${name}" is not in evals/catalog; add its name and description`, { place })
      else if (count(name) < leastPerNeighbour)
        report(
          skill.path,
          `the neighbour "${name}" has ${count(name)} near-miss prompts; write at least ${leastPerNeighbour}`,
          { place },
        )
    }
    for (const { name } of catalog) {
      if (count(name) === 0)
        report(path, `no prompt belongs to the catalog skill "${name}"; write a near-miss or remove the skill`)
    }
  },
}

function neighbours(skill: Document) {
  const places = new Set(exclusionsOf(skill).map(({ position }) => position.start.line))
  const found: { name: string; place: Document['tree']['position'] }[] = []
  visit(skill.tree, 'listItem', (item) => {
    if (!places.has(item.position!.start.line)) return
    visit(item, 'inlineCode', ({ value, position }) => {
      if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value)) found.push({ name: value, place: position })
    })
  })
  return found
}
