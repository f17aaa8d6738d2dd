import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from './config.ts'
import { finding, type Finding } from './finding.ts'

const skipped = new Set(['.git', 'node_modules', '.cache', 'coverage', 'fixtures'])
const maxDepth = 6
const maxFolders = 20_000

export interface Discovery {
  /** Absolute path of each skill's folder. */
  skills: string[]
  /** Findings about files that hide a skill from every client, by absolute path. */
  findings: [string, Finding][]
}

/**
 * Find the skills that `paths` name: a SKILL.md, a skill's folder, a plugin or any folder of skills.
 * A folder with a SKILL.md is one skill; what lies below it belongs to it.
 * Throws `UsageError` for a path that is not there or has nothing to check.
 */
export function discoverSkills(paths: string[]): Discovery {
  const discovery: Discovery = { skills: [], findings: [] }
  for (const path of paths) {
    const before = discovery.skills.length + discovery.findings.length
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw new UsageError(`${path}: there is no such file or folder`)
    if (stat.isFile() && basename(path) !== 'SKILL.md') {
      throw new UsageError(`${path}: not a folder; give a skill's folder, a folder of skills or a SKILL.md`)
    }
    if (stat.isFile()) discovery.skills.push(resolve(dirname(path)))
    else search(resolve(path), discovery)
    if (discovery.skills.length + discovery.findings.length === before) {
      throw new UsageError(`${path}: nothing to check; there is no SKILL.md here or in the folders below`)
    }
  }
  discovery.skills = [...new Set(discovery.skills)]
  return discovery
}

function search(top: string, discovery: Discovery): void {
  const seen = new Set<string>()
  const walk = (folder: string, depth: number): void => {
    const real = realpathSync(folder)
    if (seen.has(real) || seen.size >= maxFolders) return
    seen.add(real)
    const entries = list(folder, depth === 0)
    const marker = entries.find(({ name }) => name.toLowerCase() === 'skill.md')
    if (marker) discovery.skills.push(folder)
    if (marker && marker.name !== 'SKILL.md') {
      discovery.skills.pop()
      discovery.findings.push([join(folder, marker.name), finding('skill-file-name', `the file is called "${marker.name}"; rename it to SKILL.md, clients look for exactly that`)])
    }
    if (marker || depth >= maxDepth) return
    for (const entry of entries) {
      if (entry.isDirectory() && !skipped.has(entry.name)) walk(join(folder, entry.name), depth + 1)
    }
  }
  walk(top, 0)
}

function list(folder: string, required: boolean) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    if (required) throw new UsageError(`${folder}: the folder cannot be read (${(error as NodeJS.ErrnoException).code}); make it readable`)
    return []
  }
}
