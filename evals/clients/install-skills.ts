import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { filesBelow } from '../../scripts/core/files-below.ts'
import { parseFrontmatter } from '../../scripts/core/frontmatter.ts'
import { shippedFiles } from '../../scripts/core/shipped.ts'
import { skillFileIn } from '../files.ts'
import type { AgentClient } from './agent.ts'
import type { PlacedSkill } from './detect.ts'

/** Copy the skills in `folders` into the client's folder of `project`. */
export function installSkills(client: Pick<AgentClient, 'skillsFolder'>, project: string, folders: string[]): PlacedSkill[] {
  return folders.map((folder) => {
    const name = nameIn(folder)
    const target = join(project, client.skillsFolder, name)
    const files = filesOf(folder)
    for (const file of files) cpSync(sourceOf(folder, file), join(target, file), { recursive: true })
    return { name, folder: resolve(target), files }
  })
}

/** A skill in its source folder, with only the files that `installSkills` copies. */
export function shippedSkill(folder: string): PlacedSkill {
  return { name: nameIn(folder), folder: resolve(folder), files: filesOf(folder) }
}

/** A skill where it lies, with the files that an agent may open. */
export function placed(folder: string, name = nameIn(folder), plugin?: string): PlacedSkill {
  return { name, folder: resolve(folder), files: filesBelow(folder).map((path) => relative(folder, path)), ...(plugin && { plugin }) }
}

/** Where the installed `file` comes from: a neighbour's SKILL.md is called NEIGHBOUR.md in the catalog. */
export function sourceOf(folder: string, file: string): string {
  return file === 'SKILL.md' ? (skillFileIn(folder) ?? join(folder, file)) : join(folder, file)
}

/** Folders of skills right below `root`. */
export function skillFolders(root: string): string[] {
  return readdirSync(root).map((name) => join(root, name)).filter((folder) => skillFileIn(folder) !== undefined).sort()
}

function nameIn(folder: string): string {
  const { name } = parseFrontmatter(readFileSync(sourceOf(folder, 'SKILL.md'), 'utf8')).data
  return typeof name === 'string' ? name : basename(folder)
}

const filesOf = (folder: string): string[] =>
  existsSync(join(folder, 'NEIGHBOUR.md')) ? ['SKILL.md'] : shippedFiles(folder)
