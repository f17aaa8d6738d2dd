import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What of a skill's folder an agent gets; the rest of this repository is tooling. */
const shipped = ['SKILL.md', 'references', 'scripts/audit.mjs', 'assets', 'LICENSE']

/** The files that ship with the skill in `folder`, relative with `/`, in one order everywhere; hidden ones stay out. */
export function shippedFiles(folder: string): string[] {
  return shipped.filter((path) => existsSync(join(folder, path))).flatMap((path) => filesBelow(folder, path)).sort()
}

function filesBelow(folder: string, path: string): string[] {
  if (!statSync(join(folder, path)).isDirectory()) return [path]
  return readdirSync(join(folder, path)).filter((name) => !name.startsWith('.')).flatMap((name) => filesBelow(folder, `${path}/${name}`))
}
