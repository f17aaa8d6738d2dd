import { join } from 'node:path'
import type { Rule } from '../core/rule.ts'

/** Claude Code cuts one entry here (`skillListingMaxDescChars`). */
const perSkill = 1_536
/** Claude Code's fallback for all entries together (`SLASH_COMMAND_TOOL_CHAR_BUDGET`); else 1 % of the context. */
const listing = 8_000

const length = (text: string) => [...text].length

/** Descriptions that Claude Code would cut, and libraries whose descriptions would be dropped. */
export const rule: Rule = {
  id: 'listing-budget',
  summary: 'descriptions fit the listing of Claude Code: 1,536 characters each, 8,000 together',
  severity: 'warning',
  check({ skill }, report) {
    const { data, values } = skill.frontmatter ?? { data: {} as Record<string, unknown>, values: new Map() }
    const text = [data.description, data.when_to_use].filter((part) => typeof part === 'string').join(' ')
    if (length(text) <= perSkill) return
    report(
      skill.path,
      `description and when_to_use have ${length(text)} characters together, Claude Code cuts them at ${perSkill}; shorten them`,
      {
        place: values.get('description'),
        profiles: ['claude'],
      },
    )
  },
  checkAll(skills, report) {
    const total = skills.reduce(
      (sum, { name, description }) => sum + length(name) + Math.min(length(description), perSkill),
      0,
    )
    if (total <= listing) return
    const longest = skills.toSorted((a, b) => length(b.description) - length(a.description))[0]!
    report(
      join(longest.root, 'SKILL.md'),
      `the ${skills.length} skills take ${total} characters of the listing; beyond ${listing} Claude Code drops whole descriptions, shorten the longest (this one) or install fewer`,
      {
        profiles: ['claude'],
      },
    )
  },
}
