import { routesOf } from '../core/routing.ts'
import { parsePrompts } from '../core/triggers.ts'
import type { Rule } from '../core/rule.ts'

const path = 'evals/triggers.json'
const leastPerSymptom = 3

/** The prompts that measure a symptom exist, and name symptoms, references and skills that exist. */
export const rule: Rule = {
  id: 'trigger-prompts',
  summary: 'every symptom and reference has prompts in evals/triggers.json, in both splits',
  check({ skill, documents, triggers, catalog, entries }, report) {
    const routes = routesOf(skill)
    if (!entries.has(path)) {
      if (routes.length > 0 && entries.has('evals')) report(skill.path, `the routing table has symptoms, but there is no ${path}; write prompts for them`)
      return
    }
    const name = String(skill.frontmatter?.data.name ?? '')
    const parsed = parsePrompts(triggers ?? '', name)
    if ('problem' in parsed) {
      report(path, parsed.problem, { place: lineOf(triggers ?? '', parsed.index) })
      return
    }
    const symptoms = new Map(routes.map((route) => [route.symptom, route]))
    const skills = new Set([name, ...catalog.map((entry) => entry.name)])
    for (const [index, prompt] of parsed.prompts.entries()) {
      const place = lineOf(triggers!, index)
      if (prompt.symptom && routes.length > 0 && !symptoms.has(prompt.symptom)) report(path, `"${prompt.id}": the routing table has no symptom "${prompt.symptom}"`, { place })
      if (prompt.expected_skill && !skills.has(prompt.expected_skill)) report(path, `"${prompt.id}": there is no skill "${prompt.expected_skill}" in evals/catalog`, { place })
      for (const reference of [...prompt.references.required, ...prompt.references.acceptable]) {
        if (!documents.has(`references/${reference}`)) report(path, `"${prompt.id}": there is no references/${reference}`, { place })
      }
    }
    const positives = parsed.prompts.filter(({ should_trigger }) => should_trigger)
    for (const [symptom, { position: place }] of symptoms) {
      const own = positives.filter((prompt) => prompt.symptom === symptom)
      const splits = new Set(own.map(({ split }) => split))
      if (own.length < leastPerSymptom || splits.size < 2) {
        report(skill.path, `the symptom "${symptom}" has ${own.length} prompts in ${splits.size} of 2 splits; write at least ${leastPerSymptom}, some in each`, { place })
      }
    }
    if (routes.length === 0) return
    const required = new Set(positives.flatMap(({ references }) => references.required))
    for (const reference of documents.keys()) {
      const short = reference.replace('references/', '')
      if (reference.startsWith('references/') && !required.has(short)) report(path, `no prompt requires ${short}; write some`)
    }
  },
}

/** Line of the prompt with this index, found without a positional JSON parser: each prompt has one `"id"` or `"query"`. */
function lineOf(text: string, index: number | undefined) {
  if (index === undefined) return undefined
  const lines = text.split('\n')
  const key = lines.some((line) => /^\s*\{?\s*"id":/.test(line)) ? /"id":\s*"/ : /"query":\s*"/
  let count = -1
  const at = lines.findIndex((line) => key.test(line) && ++count === index)
  return at === -1 ? undefined : { line: at + 1, column: 1 }
}
