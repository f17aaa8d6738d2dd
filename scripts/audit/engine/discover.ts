import ignore, { type Ignore } from 'ignore'
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { leadsUpward } from '../../core/read.ts'
import { UsageError } from '../../core/usage-error.ts'
import { isMigration } from '../model/migrations.ts'
import { isAside } from './source.ts'

export interface Listing {
  /** Paths from the root with `/`. */
  sources: string[]
  migrations: string[]
  /** package.json, tsconfig, turbo.json, CI and deploy files. */
  others: string[]
  paths: Set<string>
  problems: { path: string; reason: string }[]
}

const skippedFolders = new Set([
  'node_modules', '.git', 'dist', 'build', 'out', 'coverage', '.next', '.turbo', '.output', '.cache', '.vercel', '.wrangler',
  '.svelte-kit', '.nuxt', 'vendor', '__generated__', 'generated', '.expo', '.yarn', '.pnpm-store', 'bower_components', 'target', '.venv',
])
const maxFiles = 50_000
const sourceName = /\.(?:[cm]?[jt]s|[jt]sx)$/
const otherName = /^(?:package|turbo|vercel|railway)\.json$|^tsconfig(?:\.[\w-]+)?\.json$|^Dockerfile|\.dockerfile$|^(?:fly|railway|nixpacks|wrangler)\.toml$|^(?:render|docker-compose|compose|\.gitlab-ci|bitbucket-pipelines|app|cloudbuild)\.ya?ml$|^Procfile$/
const ciPath = /(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.buildkite|\.ci)\//
const deployScript = /^(?:deploy|release|entrypoint|start|docker-entrypoint|migrate|predeploy|postdeploy)[\w.-]*\.sh$/

/**
 * List what can be audited below `root`. Links are not followed, .gitignore files and `ignored` patterns (of the
 * same form) are respected. Throws `UsageError` when there is no such folder.
 */
export function listProject(root: string, ignored: string[] = []): Listing {
  const stat = existsSync(root) ? statSync(root) : undefined
  if (!stat) throw new UsageError(`${root}: there is no such folder; check the path`)
  if (!stat.isDirectory()) throw new UsageError(`${root}: this is a file; name the folder of the project`)
  const listing: Listing = { sources: [], migrations: [], others: [], paths: new Set(), problems: [] }
  const own = ignore().add(ignored)
  const sql: string[] = []
  walk(root, '', [{ folder: '', rules: own }], listing, sql)
  listing.migrations = sql.filter((path) => isMigration(path, listing.paths))
  listing.sources = listing.sources.filter((path) => !isAside(path))
  return listing
}

interface Scope {
  folder: string
  rules: Ignore
}

function walk(root: string, folder: string, outer: Scope[], listing: Listing, sql: string[]): void {
  const full = join(root, folder)
  let entries
  try {
    entries = readdirSync(full, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    listing.problems.push({ path: folder, reason: `the folder cannot be read (${code}); make it readable or name it under "ignore"` })
    return
  }
  const scopes = entries.some(({ name }) => name === '.gitignore') ? [...outer, ...ignoreFile(full, folder)] : outer
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (listing.paths.size >= maxFiles) {
      if (listing.problems.at(-1)?.path !== '') listing.problems.push({ path: '', reason: `more than ${maxFiles.toLocaleString('en-US')} files; the rest is not looked at, name a smaller folder` })
      return
    }
    if (entry.isSymbolicLink()) {
      if (leadsUpward(root, path)) listing.problems.push({ path, reason: 'this link leads to a folder that holds it and is not followed; remove it, tools that follow links never end' })
      continue
    }
    const isFolder = entry.isDirectory()
    if (isFolder && skippedFolders.has(entry.name)) continue
    if (isIgnored(path, isFolder, scopes)) continue
    if (isFolder) walk(root, path, scopes, listing, sql)
    else if (entry.isFile()) {
      listing.paths.add(path)
      if (sourceName.test(entry.name)) listing.sources.push(path)
      else if (entry.name.endsWith('.sql')) sql.push(path)
      if (otherName.test(entry.name) || deployScript.test(entry.name) || ciPath.test(path)) listing.others.push(path)
    }
  }
}

function ignoreFile(full: string, folder: string): Scope[] {
  try {
    const file = join(full, '.gitignore')
    return lstatSync(file).isFile() ? [{ folder, rules: ignore().add(readFileSync(file, 'utf8')) }] : []
  } catch {
    return []
  }
}

function isIgnored(path: string, isFolder: boolean, scopes: Scope[]): boolean {
  let ignored = false
  for (const { folder, rules } of scopes) {
    const inside = folder === '' ? path : path.slice(folder.length + 1)
    const result = rules.test(isFolder ? `${inside}/` : inside)
    if (result.ignored) ignored = true
    else if (result.unignored) ignored = false
  }
  return ignored
}
