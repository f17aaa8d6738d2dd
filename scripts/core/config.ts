import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { printable, profiles, type Profile } from './finding.ts'
import { UsageError } from './usage-error.ts'

const levels = ['off', 'info', 'warning', 'error'] as const
const level = z.enum(levels, { error: `one of ${levels.join(', ')} is due` })
const profile = z.enum(profiles, { error: `one of ${profiles.join(', ')} is due` })
const tokens = z.number({ error: 'a number of tokens is due' }).check(z.positive({ error: 'a number above zero is due' }))
const unknownKey = (issue: object) => ('keys' in issue ? `there is no setting "${(issue.keys as string[])[0]}"` : 'a mapping is due')
const schema = z.strictObject({
  profiles: z.optional(z.array(profile, { error: 'a list of profiles is due' })),
  rules: z.optional(z.record(z.string(), level, { error: 'a mapping from rule to level is due' })),
  budgets: z.optional(z.strictObject({
    skillTokens: z.optional(tokens),
    referenceTokens: z.optional(tokens),
  }, { error: unknownKey })),
}, { error: unknownKey })

export interface Config {
  /** Profiles whose violations are errors; findings of the others are shown as warnings. */
  profiles: Profile[]
  rules: Record<string, z.infer<typeof level>>
  budgets: { skillTokens: number; referenceTokens: number }
  /** Whether external links are followed. */
  external: boolean
}

/** Spec recommendation for SKILL.md (5,000 tokens); a reference may be twice as long. */
export const defaults: Config = {
  profiles: ['spec', 'claude'],
  rules: {},
  budgets: { skillTokens: 5_000, referenceTokens: 10_000 },
  external: false,
}

export const configName = 'validate.config.json'

export { UsageError }

/**
 * Read `file`, or `validate.config.json` in one of `folders` when there is one.
 * Throws `UsageError` when it is not what it should be.
 */
export function loadConfig(file: string | undefined, folders: string[], ruleIds: string[]): Config {
  const path = file ?? folders.map((folder) => join(folder, configName)).find((candidate) => existsSync(candidate))
  if (!path) return defaults
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      code ? `${path}: the configuration cannot be read (${code}); check the path` : `${path}: not JSON (${printable(message)}); correct it`,
    )
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const where = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''
    throw new UsageError(`${path}: ${where}${issue.message}; correct it`)
  }
  const unknown = Object.keys(parsed.data.rules ?? {}).find((id) => !ruleIds.includes(id))
  if (unknown) throw new UsageError(`${path}: there is no rule "${unknown}"; see --help for the list`)
  const { profiles: wanted, rules, budgets } = parsed.data
  return {
    ...defaults,
    profiles: wanted ?? defaults.profiles,
    rules: rules ?? {},
    budgets: { ...defaults.budgets, ...budgets },
  }
}
