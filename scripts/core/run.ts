import { join, relative } from 'node:path'
import { registry } from '../validate/registry.ts'
import type { Config } from './config.ts'
import { discoverSkills } from './discover.ts'
import type { Finding } from './finding.ts'
import { runCollectionRule, type SkillListing } from './rule.ts'
import { inThreads } from './pool.ts'
import type { FenceCount } from './skill.ts'

export interface FileReport {
  /** Path as the user would type it from the current folder. */
  path: string
  messages: Finding[]
}

export interface RunResult {
  /** Every file that was looked at, with its findings sorted by place. */
  files: FileReport[]
  skills: number
  rules: number
  fences: FenceCount
  tokens: Record<string, number>
}

/**
 * Check every skill below `paths`, in threads: rules are pure, so these share nothing but the list of folders.
 * Throws `UsageError` when there is nothing to check.
 */
export async function validate(paths: string[], config: Config, only?: string[]): Promise<RunResult> {
  const { skills, findings } = discoverSkills(paths)
  const results = await inThreads({ skills, config, only })
  const byPath = new Map<string, Finding[]>()
  const add = (path: string, found: Finding) => byPath.set(path, [...(byPath.get(path) ?? []), found])
  for (const result of results) {
    for (const path of result.files) if (!byPath.has(join(result.root, path))) byPath.set(join(result.root, path), [])
    for (const [path, found] of result.findings) add(join(result.root, path), found)
  }
  const listings: SkillListing[] = results.map(({ root, name, description }) => ({ root, name, description }))
  const disabled = new Map(results.map((result) => [join(result.root, 'SKILL.md'), result.disabled]))
  for (const rule of registry) {
    if (only && !only.includes(rule.id)) continue
    for (const [path, found] of runCollectionRule(rule, listings, config)) {
      if (!disabled.get(path)?.includes(rule.id)) add(path, found)
    }
  }
  for (const [path, found] of findings) if (!only || only.includes(found.ruleId!)) add(path, found)
  const files = [...byPath].map(([path, messages]) => ({ path: relative(process.cwd(), path) || path, messages }))
  return {
    files: applyConfig(files, config).sort((a, b) => (a.path < b.path ? -1 : 1)),
    skills: skills.length,
    rules: only?.length ?? registry.length,
    fences: sum(results.map(({ fences }) => fences)),
    tokens: Object.assign({}, ...results.map(({ root, tokens }) => Object.fromEntries(
      Object.entries(tokens).map(([path, count]) => [relative(process.cwd(), join(root, path)), count]),
    ))),
  }
}

function applyConfig(files: FileReport[], config: Config): FileReport[] {
  return files.map(({ path, messages }) => ({
    path,
    messages: messages.filter((message) => {
      const level = config.rules[message.ruleId!]
      if (level === 'off') return false
      if (level) message.severity = level
      else if (message.profiles && !message.profiles.some((profile) => config.profiles.includes(profile))) message.severity = 'warning'
      message.fatal = message.severity === 'error' ? true : message.severity === 'warning' ? false : undefined
      return true
    }).sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  }))
}

function sum(counts: FenceCount[]): FenceCount {
  const total: FenceCount = {}
  for (const count of counts) for (const [key, value] of Object.entries(count)) total[key] = (total[key] ?? 0) + value
  return total
}
