import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
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
    if (isFolder(path)) search(resolve(path), discovery)
    else if (basename(path) === 'SKILL.md') discovery.skills.push(resolve(dirname(path)))
    else if (isMarker(path)) discovery.findings.push(misnamed(resolve(path)))
    else throw new UsageError(`${path}: not a folder; give a skill's folder, a folder of skills or a SKILL.md`)
    if (discovery.skills.length + discovery.findings.length === before) {
      throw new UsageError(`${path}: nothing to check; there is no SKILL.md here or in the folders below`)
    }
  }
  discovery.skills = [...new Set(discovery.skills)]
  return discovery
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`${path}: there is no such file or folder`)
    throw new UsageError(`${path}: cannot be read (${code}); make it readable`)
  }
}

function isMarker(path: string): boolean {
  return basename(path).toLowerCase() === 'skill.md'
}

function misnamed(path: string): [string, Finding] {
  return [path, finding('skill-file-name', `the file is called "${basename(path)}"; rename it to SKILL.md, clients look for exactly that`)]
}

function search(top: string, discovery: Discovery): void {
  const seen = new Set<string>()
  const walk = (folder: string, depth: number): void => {
    if (isKnown(folder, seen)) return
    if (seen.size > maxFolders) {
      throw new UsageError(`${top}: more than ${maxFolders} folders; name the folder that holds the skills`)
    }
    const entries = list(folder, depth === 0, discovery)
    const marker = entries.find((entry) => entry.name === 'SKILL.md') ?? entries.find((entry) => isMarker(entry.name) && !entry.isDirectory())
    if (marker?.name === 'SKILL.md') discovery.skills.push(folder)
    else if (marker) discovery.findings.push(misnamed(join(folder, marker.name)))
    if (marker || depth >= maxDepth) return
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (skipped.has(entry.name)) continue
      if (entry.isDirectory()) walk(path, depth + 1)
      else if (entry.isSymbolicLink() && existsSync(join(path, 'SKILL.md')) && !isKnown(path, seen)) discovery.skills.push(path)
    }
  }
  walk(top, 0)
}

/** Whether the folder was met before, under whatever name; installers link the skills of one agent to another's folder. */
function isKnown(folder: string, seen: Set<string>): boolean {
  const real = realpathSync(folder)
  if (seen.has(real)) return true
  seen.add(real)
  return false
}

function list(folder: string, required: boolean, discovery: Discovery) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const reason = `the folder cannot be read (${(error as NodeJS.ErrnoException).code}); make it readable`
    if (required) throw new UsageError(`${folder}: ${reason}`)
    discovery.findings.push([folder, finding('readable', reason)])
    return []
  }
}
