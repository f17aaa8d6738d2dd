import * as z from 'zod/mini'
import type { Frontmatter } from '../core/frontmatter.ts'
import type { FindingOptions, Profile } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

/** Claude Code loads a skill that breaks these; the open format and uploads do not. */
const portable: Profile[] = ['spec', 'upload']
const length = (text: string) => [...text].length

/** One sentence for a value of the wrong YAML type, with the mend that fits it; `%` stands for the value's source. */
function wrongType(field: string) {
  return ({ input }: { input?: unknown }): string => {
    if (input === undefined) return `"${field}" is missing; add a line "${field}: …"`
    if (input === null) return `"${field}" has no value; write text after the colon`
    if (Array.isArray(input)) return `"${field}" is a list, text is due; write it on one line`
    if (typeof input === 'object' && !(input instanceof Date)) {
      return `"${field}" is a mapping, text is due; write it on one line or quote it`
    }
    return `"${field}" is read as a ${input instanceof Date ? 'date' : typeof input}, text is due; quote it: "%"`
  }
}

const text = (field: string) => z.string({ error: wrongType(field) })
const check = (test: (value: string) => boolean, message: string, profiles = portable) =>
  z.refine<string>((value) => value.trim() === '' || test(value), { error: message, params: { profiles } })
const notEmpty = (field: string, mend: string) =>
  z.refine<string>((value) => value.trim() !== '', { error: `"${field}" is empty; ${mend}`, params: { profiles: portable } })

const name = text('name').check(
  notEmpty('name', 'write 1 to 64 characters'),
  check((value) => length(value.normalize('NFKC')) <= 64, '"name" is longer than 64 characters; shorten it'),
  check(isLowercase, '"name" takes lowercase letters, digits and single hyphens only; rename it'),
  check((value) => !isLowercase(value) || /^[a-z0-9-]*$/.test(value), '"name" holds letters other than a to z, which uploads refuse; rename it', ['upload']),
  check((value) => !/^-|-$|--/.test(value), '"name" starts or ends with a hyphen or holds two in a row; remove the extra hyphen'),
)
const description = text('description').check(
  notEmpty('description', 'say what the skill does and when to use it'),
  check((value) => length(value) <= 1_024, '"description" is longer than 1,024 characters; cut it, the strongest words stay first'),
  check((value) => !/[<>]/.test(value), '"description" holds "<" or ">", which uploads refuse; write it in words', ['upload']),
)
const compatibility = text('compatibility').check(
  notEmpty('compatibility', 'write what the skill needs or remove the line'),
  check((value) => length(value) <= 500, '"compatibility" is longer than 500 characters; shorten it'),
)
const metadata = z.record(
  z.string(),
  z.string({ error: ({ input, path }) => wrongType(String(path?.at(-1) ?? 'value'))({ input }) }),
  { error: '"metadata" is not a mapping; write one "key: value" line per entry, indented below it' },
)

/** The six fields of the open format. Unknown keys are another rule's business. */
export const frontmatterSchema = z.looseObject({
  name,
  description,
  license: z.optional(text('license')),
  compatibility: z.optional(compatibility),
  metadata: z.optional(metadata),
  'allowed-tools': z.optional(z.string({
    error: ({ input }) => Array.isArray(input)
      ? '"allowed-tools" is a list, which only Claude Code reads; write one line with spaces between the tools'
      : wrongType('allowed-tools')({ input }),
  })),
})

/** As Python's `isalnum` and `lower` see it in the reference validator: letters of any script without capitals. */
function isLowercase(value: string): boolean {
  const normal = value.normalize('NFKC')
  return normal === normal.toLowerCase() && /^[\p{L}\p{N}-]+$/u.test(normal)
}

/** Each constraint of the format with its own message; lengths count code points. */
export const rule: Rule = {
  id: 'frontmatter-schema',
  summary: 'name, description, license, compatibility, metadata and allowed-tools are as the format says',
  check({ skill }, report) {
    const { frontmatter } = skill
    if (!frontmatter || frontmatter.keys.size === 0) return
    for (const issue of frontmatterSchema.safeParse(frontmatter.data).error?.issues ?? []) {
      const path = issue.path.map(String)
      const raw = frontmatter.plain.get(path.join('.'))
      const profiles = issue.code === 'custom' ? (issue.params?.profiles as Profile[]) : portable
      report(skill.path, issue.message.replace('%', () => raw?.text ?? '…'), {
        place: placeOf(frontmatter, path),
        profiles,
        ...(raw && issue.message.endsWith('"%"') && quoted(raw)),
        ...(path[0] === 'allowed-tools' && { expected: expectedTools(frontmatter.data['allowed-tools']) }),
      })
    }
  },
}

function placeOf({ values, keys }: Frontmatter, path: string[]) {
  return values.get(path.join('.')) ?? keys.get(path[0]!) ?? { line: 1, column: 1 }
}

function quoted({ text, start, end }: { text: string; start: number; end: number }): FindingOptions {
  return { expected: [`"${text}"`], fix: { start, end, text: `"${text}"` } }
}

function expectedTools(tools: unknown): string[] {
  return Array.isArray(tools) && tools.every((tool) => typeof tool === 'string') ? [`allowed-tools: ${tools.join(' ')}`] : []
}
