import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { closest, distance } from 'fastest-levenshtein'
import { UsageError } from '../../core/usage-error.ts'
import { readJson } from './packages.ts'

export const levels = ['off', 'info', 'warning', 'error'] as const
export type Level = (typeof levels)[number]

export interface AuditConfig {
  rules: Record<string, Level>
  /** Paths that are not looked at, as .gitignore would name them. */
  ignore: string[]
  /** Baseline file, relative to the configuration. */
  baseline?: string | undefined
}

export const configName = 'audit.config.json'
const settings = ['rules', 'ignore', 'baseline']

/** The rule that was probably meant: words count more than letters. */
export function nearestRule(written: string, ids: string[]): string {
  const words = written.split('-')
  const shared = (id: string) => id.split('-').filter((word) => words.includes(word)).length
  return [...ids].sort((a, b) => shared(b) - shared(a) || distance(written, a) - distance(written, b))[0]!
}

/** Read `file`, or `audit.config.json` in `root` when there is one. Throws `UsageError` when it is not what it should be. */
export function loadAuditConfig(file: string | undefined, root: string, ruleIds: string[]): AuditConfig {
  const path = file ?? join(root, configName)
  if (!file && !existsSync(path)) return { rules: {}, ignore: [] }
  const fail = (text: string) => new UsageError(`${path}: ${text}`)
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw fail(`the configuration cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`)
  }
  const value = readJson(text)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw fail('not a JSON object; correct it')
  const odd = Object.keys(value).find((key) => !settings.includes(key))
  if (odd) throw fail(`there is no setting "${odd}"; did you mean "${closest(odd, settings)}"?`)
  const { rules = {}, ignore = [], baseline } = value
  if (typeof rules !== 'object' || Array.isArray(rules)) throw fail('"rules": a mapping from rule to level is due; correct it')
  for (const [id, level] of Object.entries(rules)) {
    if (!ruleIds.includes(id)) throw fail(`there is no rule "${id}"; did you mean "${nearestRule(id, ruleIds)}"?`)
    if (!levels.includes(level as Level)) throw fail(`"rules.${id}": one of ${levels.join(', ')} is due; correct it`)
  }
  if (!Array.isArray(ignore) || ignore.some((item) => typeof item !== 'string')) throw fail('"ignore": a list of patterns is due; correct it')
  if (baseline !== undefined && typeof baseline !== 'string') throw fail('"baseline": the path of a file is due; correct it')
  return { rules, ignore, baseline: baseline === undefined ? undefined : join(path, '..', baseline) }
}
