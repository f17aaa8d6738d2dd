import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { parseFrontmatter } from '../../scripts/core/frontmatter.ts'
import type { AgentClient } from './agent.ts'
import type { PlacedSkill } from './detect.ts'

/** What of a skill's folder an agent gets; the rest of this repository is tooling. */
const shipped = ['SKILL.md', 'references', 'scripts/audit.mjs', 'assets']

/** Copy the skills in `folders` into the client's folder of `project`. */
export function installSkills(client: Pick<AgentClient, 'skillsFolder'>, project: string, folders: string[]): PlacedSkill[] {
  return folders.map((folder) => {
    const name = nameIn(folder)
    const target = join(project, client.skillsFolder, name)
    mkdirSync(target, { recursive: true })
    for (const path of shipped) {
      if (existsSync(join(folder, path))) cpSync(join(folder, path), join(target, path), { recursive: true })
    }
    return placed(target, name)
  })
}

/** A skill in its source folder, with only the files that `installSkills` copies. */
export function shippedSkill(folder: string): PlacedSkill {
  const files = shipped.map((path) => join(folder, path)).filter((path) => existsSync(path))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
  return { name: nameIn(folder), folder: resolve(folder), files: files.map((path) => relative(folder, path)) }
}

/** A skill where it lies, with the files that an agent may open. */
export function placed(folder: string, name = nameIn(folder), plugin?: string): PlacedSkill {
  return { name, folder: resolve(folder), files: filesBelow(folder).map((path) => relative(folder, path)), ...(plugin && { plugin }) }
}

/** Folders with a SKILL.md right below `root`. */
export function skillFolders(root: string): string[] {
  return readdirSync(root).map((name) => join(root, name)).filter((folder) => existsSync(join(folder, 'SKILL.md'))).sort()
}

function nameIn(folder: string): string {
  const { name } = parseFrontmatter(readFileSync(join(folder, 'SKILL.md'), 'utf8')).data
  return typeof name === 'string' ? name : basename(folder)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}
