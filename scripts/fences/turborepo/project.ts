import { appendFileSync, chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { root } from '../documents.ts'
import { bash } from './steps.ts'

const example = join(root, 'examples/neondash')
const leftOut = new Set(['node_modules', 'coverage', '.dev', '.env'])
/** Tests of the example that need no server and no other process: the ones that the monorepo's `test` task runs. */
export const quickTests = ['server/log.test.ts', 'server/metrics.test.ts', 'server/lifecycle.test.ts']

/** A new temporary folder; on PATH of its commands are Bun and Node of this repository. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'turborepo-'))
  chmodSync(folder, 0o755)
  return folder
}

/** Remove what `newFolder` made. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

/**
 * The project before its migration in `folder`: the example backend with a React client that uses its router type,
 * contracts and a row type by relative paths, in a Git repository with all packages installed.
 */
export async function phaseOne(folder: string): Promise<void> {
  cpSync(example, folder, { recursive: true, filter: (path) => !leftOut.has(basename(path)) })
  cpSync(join(import.meta.dirname, 'client'), join(folder, 'client'), { recursive: true })
  const schema = join(folder, 'drizzle/schema.ts')
  const rowType = "import type { leads } from './programme'\n\nexport type LeadRow = typeof leads.$inferSelect\n"
  writeFileSync(schema, `${rowType}${readFileSync(schema, 'utf8')}`)
  const manifest = join(folder, 'package.json')
  const parsed = JSON.parse(readFileSync(manifest, 'utf8'))
  parsed.scripts.test = `bun test ${quickTests.join(' ')}`
  writeFileSync(manifest, `${JSON.stringify(parsed, null, 2)}\n`)
  appendFileSync(join(folder, '.gitignore'), 'node_modules\n')
  const { code, output } = await bash('git init --quiet --initial-branch=main && bun install', folder)
  if (code !== 0) throw new Error(`the project before its migration cannot be set up in ${dirname(folder)}: ${output}`)
}
