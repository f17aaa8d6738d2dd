import type { Bundle } from './bundle.ts'
import type { Config } from './config.ts'
import { finding, type Finding, type FindingOptions, type Severity } from './finding.ts'

/** Tell of something in the file at `path` (from the skill's root). */
export type Report = (path: string, reason: string, options?: FindingOptions) => void

export interface SkillListing {
  root: string
  name: string
  description: string
}

export interface Rule {
  /** Equals the file's name, its test's and its fixture folder's. */
  id: string
  /** What is checked, in one line for `--help` and the README. */
  summary: string
  /** Severity of a finding that names none. */
  severity?: Severity
  /** Whether the rule looks at anything under this configuration; always when left out. */
  isActive?(config: Config): boolean
  /** Look at one skill. */
  check?(bundle: Bundle, report: Report, config: Config): void | Promise<void>
  /** Look at all skills of the run together; `report` takes an absolute path. */
  checkAll?(skills: SkillListing[], report: Report, config: Config): void
}

/** Collect what `rule` says about `bundle`, by path from the skill's root. */
export async function runRule(rule: Rule, bundle: Bundle, config: Config): Promise<[string, Finding][]> {
  const found: [string, Finding][] = []
  await rule.check?.(bundle, reporter(rule, found), config)
  return found
}

/** Collect what `rule` says about all skills together, by absolute path. */
export function runCollectionRule(rule: Rule, skills: SkillListing[], config: Config): [string, Finding][] {
  const found: [string, Finding][] = []
  rule.checkAll?.(skills, reporter(rule, found), config)
  return found
}

/** A file of nothing but mistakes must not fill the memory; nobody reads further. */
const maxPerFile = 200

function reporter(rule: Rule, found: [string, Finding][]): Report {
  const counts = new Map<string, number>()
  return (path, reason, options) => {
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    if (count > maxPerFile + 1) return
    if (count > maxPerFile) {
      reason = `more than ${maxPerFile} findings of this rule in this file; the rest is not shown`
      options = { ...(options?.severity && { severity: options.severity }) }
    }
    found.push([path, finding(rule.id, reason, { severity: rule.severity ?? 'error', ...options })])
  }
}
