import { parseExpression } from '@babel/parser'
import { posix } from 'node:path'
import type { TextFile } from '../model/project.ts'
import type { PackageInfo } from './source.ts'

/** Value of a JSON text that may hold comments and trailing commas; undefined when it is none. */
export function readJson(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return plain(parseExpression(text.replace(/^\uFEFF/, '')))
    } catch {
      return undefined
    }
  }
}

function plain(node: any): any {
  switch (node.type) {
    case 'ObjectExpression': return Object.fromEntries(node.properties.filter((entry: any) => entry.type === 'ObjectProperty').map((entry: any) => [entry.key.value ?? entry.key.name, plain(entry.value)]))
    case 'ArrayExpression': return node.elements.map(plain)
    case 'NullLiteral': return null
    default: return node.value
  }
}

/** Every package.json of the project as far as the audit needs it. The root counts even without one. */
export function readPackages(files: TextFile[]): PackageInfo[] {
  const found: PackageInfo[] = []
  for (const { path, text } of files) {
    if (posix.basename(path) !== 'package.json') continue
    const value = readJson(text)
    if (value === null || typeof value !== 'object') continue
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
    const dependencies = { ...value.dependencies, ...value.peerDependencies, ...value.optionalDependencies }
    found.push({
      folder, name: typeof value.name === 'string' ? value.name : '',
      versions: { ...value.devDependencies, ...dependencies }, dependencies: [...Object.keys(dependencies), ...Object.keys(value.devDependencies ?? {})],
      scripts: value.scripts ?? {},
    })
  }
  if (!found.some(({ folder }) => folder === '')) found.push({ folder: '', name: '', versions: {}, scripts: {}, dependencies: [] })
  return found
}

export interface Alias {
  folder: string
  pattern: string
  targets: string[]
}

/** `compilerOptions.paths` of every tsconfig, relative to the project's root. */
export function readAliases(files: TextFile[]): Alias[] {
  return files.flatMap(({ path, text }) => {
    if (!/^tsconfig.*\.json$/.test(posix.basename(path))) return []
    const options = readJson(text)?.compilerOptions
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
    return Object.entries(options?.paths ?? {}).flatMap(([pattern, targets]) => Array.isArray(targets)
      ? [{ folder, pattern, targets: targets.filter((target) => typeof target === 'string').map((target) => posix.join(options.baseUrl ?? '.', target)) }]
      : [])
  }).sort((a, b) => b.folder.length - a.folder.length || b.pattern.length - a.pattern.length)
}
