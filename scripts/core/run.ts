import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { registry } from '../validate/registry.ts'
import type { Config } from './config.ts'
import { discoverSkills } from './discover.ts'
import type { Finding } from './finding.ts'
import { runCollectionRule, type SkillListing } from './rule.ts'
import { validateSkill, type FenceCount, type SkillResult } from './skill.ts'

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

/** Below this many skills a second thread costs more than it saves. */
const skillsPerWorker = 40

/**
 * Check every skill below `paths`. Rules are pure, so threads share nothing but the list of folders.
 * Throws `UsageError` when there is nothing to check.
 */
export async function validate(paths: string[], config: Config, only?: string[]): Promise<RunResult> {
  const { skills, findings } = discoverSkills(paths)
  const results = await inParallel(skills, config, only)
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
  if (!only || only.includes('skill-file-name')) for (const [path, found] of findings) add(path, found)
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

async function inParallel(skills: string[], config: Config, only?: string[]): Promise<SkillResult[]> {
  const threads = Math.min(availableParallelism(), Math.floor(skills.length / skillsPerWorker))
  if (threads < 2) {
    const results: SkillResult[] = []
    for (const root of skills) results.push(await validateSkill(root, config, only))
    return results
  }
  const share = Math.ceil(skills.length / threads)
  const parts = Array.from({ length: threads }, (_, index) => skills.slice(index * share, (index + 1) * share))
  const done = await Promise.all(parts.map((part) => inWorker(part, config, only)))
  return done.flat()
}

function inWorker(skills: string[], config: Config, only?: string[]): Promise<SkillResult[]> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { skills, config, only } })
  return new Promise((resolve, reject) => {
    worker.once('message', (results: SkillResult[]) => resolve(results))
    worker.once('error', reject)
  })
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
