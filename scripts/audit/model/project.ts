import { posix } from 'node:path'
import type { PackageInfo } from '../engine/source.ts'
import type { ModuleFacts } from './modules.ts'
import { resolveSchema, type Table } from './schema.ts'
import type { Migrations } from './migrations.ts'

export interface TextFile {
  path: string
  text: string
}

export interface ProjectInput {
  packages: PackageInfo[]
  modules: ModuleFacts[]
  /** Files that are no source: package.json, turbo.json, CI, Docker. */
  others: TextFile[]
  /** Every listed path. */
  paths: Set<string>
  /** `compilerOptions.paths` of each tsconfig. */
  aliases: { folder: string; pattern: string; targets: string[] }[]
  migrations: Migrations
}

/** A name in the file that defines it, or in a package that is not part of the project. */
export interface Target {
  path?: string
  package?: string
  name: string
}

const extensions = ['', '.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs', '.cts', '.cjs', '/index.ts', '/index.tsx', '/index.js', '/index.mjs']

/** Everything that is known when each file was read once. */
export class Project {
  readonly packages: PackageInfo[]
  readonly modules: Map<string, ModuleFacts>
  readonly others: TextFile[]
  readonly migrations: Migrations
  private readonly input: ProjectInput
  private cachedTables: Table[] | undefined

  constructor(input: ProjectInput) {
    this.input = input
    this.packages = input.packages
    this.modules = new Map(input.modules.map((module) => [module.path, module]))
    this.others = input.others
    this.migrations = input.migrations
  }

  get tables(): Table[] {
    this.cachedTables ??= resolveSchema(this)
    return this.cachedTables
  }

  /** The table that `name` (or `schema.name`) means in the file `path`. */
  tableAt(path: string, name: string): Table | undefined {
    const target = this.resolve(path, name)
    return target && this.tables.find((table) => table.path === target.path && table.name === target.name)
  }

  /** Where the local name `name` of the file `path` is defined; follows imports and re-exports. */
  resolve(path: string, name: string, depth = 0): Target | undefined {
    const module = this.modules.get(path)
    if (!module || depth > 12) return undefined
    const [head, member] = name.split('.') as [string, string?]
    const found = module.imports.find(({ local }) => local === head)
    if (!found) return member ? undefined : { path, name }
    const wanted = found.name === '*' ? member : found.name
    if (!wanted) return undefined
    const file = this.fileOf(path, found.from)
    return file ? this.exported(file, wanted, depth + 1) : { package: found.from, name: wanted }
  }

  private exported(path: string, name: string, depth: number): Target | undefined {
    const module = this.modules.get(path)
    if (!module || depth > 12) return undefined
    const named = module.reexports.find(({ as }) => as === name)
    if (named) {
      const file = this.fileOf(path, named.from)
      return file ? this.exported(file, named.name, depth + 1) : { package: named.from, name: named.name }
    }
    const local = module.exports[name] ?? name
    if (module.imports.some((item) => item.local === local)) return this.resolve(path, local, depth + 1)
    if (declares(module, local)) return { path, name: local }
    for (const { from, as } of module.reexports) {
      const file = as === '*' ? this.fileOf(path, from) : undefined
      const found = file && this.exported(file, name, depth + 1)
      if (found) return found
    }
    return undefined
  }

  /** The file of the project that `specifier` leads to from `path`. */
  fileOf(path: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) return this.existing(posix.join(posix.dirname(path), specifier))
    for (const { folder, pattern, targets } of this.input.aliases) {
      if (folder !== '' && !path.startsWith(`${folder}/`)) continue
      const rest = matchAlias(pattern, specifier)
      if (rest === undefined) continue
      for (const target of targets) {
        const file = this.existing(posix.join(folder, target.replace('*', rest)))
        if (file) return file
      }
    }
    const owner = this.packages.find(({ name }) => name !== '' && (specifier === name || specifier.startsWith(`${name}/`)))
    if (!owner) return undefined
    const rest = specifier.slice(owner.name.length + 1)
    const candidates = rest === '' ? ['index', 'src/index'] : [rest, `src/${rest}`]
    for (const candidate of candidates) {
      const file = this.existing(posix.join(owner.folder, candidate))
      if (file) return file
    }
    return undefined
  }

  /** The package of the project that `specifier` names. */
  packageOf(specifier: string): PackageInfo | undefined {
    return this.packages.find(({ name }) => name !== '' && (specifier === name || specifier.startsWith(`${name}/`)))
  }

  /** The package that owns the file at `path`. */
  ownerOf(path: string): PackageInfo {
    return ownerOf(this.packages, path)
  }

  private existing(base: string): string | undefined {
    const { paths } = this.input
    const bare = base.replace(/\.[cm]?js$/, '')
    for (const stem of bare === base ? [base] : [base, bare]) {
      for (const extension of extensions) if (paths.has(stem + extension)) return stem + extension
    }
    return undefined
  }
}

function declares({ roots, tables, groups, helpers }: ModuleFacts, name: string): boolean {
  return name in roots || [tables, groups, helpers].some((list) => list.some((item) => item.name === name))
}

/** The package with the deepest folder that holds `path`. */
export function ownerOf(packages: PackageInfo[], path: string): PackageInfo {
  let best: PackageInfo | undefined
  for (const info of packages) {
    if (info.folder !== '' && !path.startsWith(`${info.folder}/`)) continue
    if (!best || info.folder.length > best.folder.length) best = info
  }
  return best ?? { folder: '', name: '', versions: {}, scripts: {}, dependencies: [] }
}

function matchAlias(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === specifier ? '' : undefined
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  if (!specifier.startsWith(before) || !specifier.endsWith(after)) return undefined
  return specifier.slice(before.length, specifier.length - after.length)
}
