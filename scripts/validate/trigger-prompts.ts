import { routesOf } from '../core/routing.ts'
import { parsePrompts } from '../core/triggers.ts'
import type { Rule } from '../core/rule.ts'

const path = 'evals/triggers.json'
const leastPerSymptom = 3
/** Symptom of every positive in the plain format, which names none. */
const unsorted = 'unsorted'

/** The prompts that measure a symptom exist, and name symptoms, references and skills that exist. */
export const rule: Rule = {
  id: 'trigger-prompts',
  summary: 'every symptom and reference has prompts in evals/triggers.json, in both splits',
  check({ skill, documents, triggers, catalog, entries }, report) {
    const routes = routesOf(skill)
    if (!entries.has(path)) {
      if (routes.length > 0 && entries.has('evals'))
        report(skill.path, `the routing table has symptoms, but there is no ${path}; write prompts for them`)
      return
    }
    const name = String(skill.frontmatter?.data.name ?? '')
    const parsed = parsePrompts(triggers ?? '', name)
    const place = placesOf(triggers ?? '')
    if ('problem' in parsed) {
      if (routes.length > 0) report(path, parsed.problem, { place: place(parsed.index) })
      return
    }
    const symptoms = new Map(routes.map((route) => [route.symptom, route]))
    const skills = new Set([name, ...catalog.map((entry) => entry.name)])
    for (const [index, { id, symptom, expected_skill, references }] of parsed.prompts.entries()) {
      const tell = (reason: string) => report(path, `"${id}": ${reason}`, { place: place(index) })
      if (symptom && symptom !== unsorted && routes.length > 0 && !symptoms.has(symptom))
        tell(`the routing table has no symptom "${symptom}"; correct it or add the row`)
      if (expected_skill && !skills.has(expected_skill))
        tell(`there is no skill "${expected_skill}" in evals/catalog; correct it or add the skill`)
      for (const reference of [...references.required, ...references.acceptable]) {
        if (!documents.has(`references/${reference}`)) tell(`there is no references/${reference}; correct it`)
      }
    }
    const positives = parsed.prompts.filter(({ should_trigger, symptom }) => should_trigger && symptom !== unsorted)
    if (routes.length === 0 || positives.length === 0) return
    for (const [symptom, { position }] of symptoms) {
      const own = positives.filter((prompt) => prompt.symptom === symptom)
      const splits = new Set(own.map(({ split }) => split))
      if (symptom !== '' && (own.length < leastPerSymptom || splits.size < 2)) {
        report(
          skill.path,
          `the symptom "${symptom}" has ${own.length} prompts in ${splits.size} of 2 splits; write at least ${leastPerSymptom}, some in each`,
          { place: position },
        )
      }
    }
    const required = new Set(positives.flatMap(({ references }) => references.required))
    for (const reference of documents.keys()) {
      const short = reference.replace('references/', '')
      if (reference.startsWith('references/') && !required.has(short))
        report(path, `no prompt requires ${short}; write some`)
    }
  },
}

/** Place of the prompt with an index, found without a positional JSON parser: each prompt has one `"id"` or `"query"`. */
function placesOf(text: string) {
  let lines: number[] | undefined
  return (index: number | undefined) => {
    if (index === undefined) return undefined
    lines ??= keyLines(text)
    return lines[index] === undefined ? undefined : { line: lines[index], column: 1 }
  }
}

function keyLines(text: string): number[] {
  const lines = text.split('\n')
  const key = lines.some((line) => /^\s*\{?\s*"id":/.test(line)) ? /^[[{\s]*"id":\s*"/ : /^[[{\s]*"query":\s*"/
  return lines.flatMap((line, index) => (key.test(line) ? [index + 1] : []))
}
