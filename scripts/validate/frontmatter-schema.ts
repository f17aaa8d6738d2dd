import * as z from 'zod/mini'
import type { Frontmatter } from '../core/frontmatter.ts'
import type { Profile } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const strict: Profile[] = ['spec', 'upload']
const length = (text: string) => [...text].length

/** One sentence for a value of the wrong YAML type, with the mend that fits it. */
function wrongType(field: string) {
  return ({ input }: { input?: unknown }): string => {
    if (input === undefined) return `"${field}" is missing; add a line "${field}: …"`
    if (input === null) return `"${field}" has no value; write text after the colon`
    if (Array.isArray(input)) return `"${field}" is a list, text is due; write it on one line`
    if (typeof input === 'object' && !(input instanceof Date)) return `"${field}" is a mapping, text is due; write it on one line or quote it`
    const type = input instanceof Date ? 'date' : typeof input
    return `"${field}" is read as a ${type}, text is due; quote it: ${field}: "${String(input)}"`
  }
}

const check = (test: (text: string) => boolean, message: string, profiles?: Profile[]) =>
  z.refine<string>(test, { error: message, params: { profiles } })

const name = z.string({ error: wrongType('name') }).check(
  check((text) => length(text) > 0, '"name" is empty; write 1 to 64 characters'),
  check((text) => length(text) <= 64, '"name" is longer than 64 characters; shorten it', strict),
  check((text) => text === '' || /^[\p{Ll}\p{Lo}\p{N}-]+$/u.test(text), '"name" takes lowercase letters, digits and single hyphens only', strict),
  check((text) => !/^-|-$|--/.test(text), '"name" must not start or end with a hyphen, nor hold two in a row', strict),
)
const description = z.string({ error: wrongType('description') }).check(
  check((text) => text.trim() !== '', '"description" is empty; say what the skill does and when to use it'),
  check((text) => length(text) <= 1_024, '"description" is longer than 1,024 characters; cut it, the strongest words first', strict),
  check((text) => !/[<>]/.test(text), '"description" holds "<" or ">", which uploads refuse; write the words out', ['upload']),
)
const compatibility = z.string({ error: wrongType('compatibility') }).check(
  check((text) => text.trim() !== '', '"compatibility" is empty; write it or leave it out', strict),
  check((text) => length(text) <= 500, '"compatibility" is longer than 500 characters; shorten it', strict),
)
const metadata = z.record(
  z.string(),
  z.string({ error: ({ input, path }) => wrongType(String(path?.at(-1) ?? 'value'))({ input }) }),
  { error: '"metadata" is not a mapping; write one "key: value" line per entry below it' },
)

/** The six fields of the open format. Unknown keys are another rule's business. */
export const frontmatterSchema = z.looseObject({
  name,
  description,
  license: z.optional(z.string({ error: wrongType('license') })),
  compatibility: z.optional(compatibility),
  metadata: z.optional(metadata),
  'allowed-tools': z.optional(z.string({
    error: ({ input }) => Array.isArray(input)
      ? `"allowed-tools" is a list, which only Claude Code reads; write one line: allowed-tools: ${input.join(' ')}`
      : wrongType('allowed-tools')({ input }),
  })),
})

/** Each constraint of the format with its own message; lengths count code points. */
export const rule: Rule = {
  id: 'frontmatter-schema',
  summary: 'name, description, license, compatibility, metadata and allowed-tools are as the format says',
  check({ skill }, report) {
    const { frontmatter } = skill
    if (!frontmatter || frontmatter.problems.some(({ reason }) => !reason.startsWith('" #"')) && frontmatter.keys.size === 0) return
    for (const issue of frontmatterSchema.safeParse(frontmatter.data).error?.issues ?? []) {
      const [field] = issue.path as [string]
      const list = field === 'allowed-tools' && Array.isArray(frontmatter.data[field])
      const given = issue.code === 'custom' ? (issue.params?.profiles as Profile[] | undefined) : undefined
      const profiles = list ? strict : field === 'name' && frontmatter.data.name === undefined ? strict : given
      report(skill.path, issue.message, { place: placeOf(frontmatter, field), ...(profiles && { profiles }) })
    }
  },
}

function placeOf(frontmatter: Frontmatter, field: string) {
  return frontmatter.values.get(field) ?? frontmatter.keys.get(field) ?? { line: 1, column: 1 }
}
