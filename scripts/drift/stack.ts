import type { Bundle } from '../core/bundle.ts'
import { fencesOf } from '../core/fences.ts'
import { regionOf } from '../core/regions.ts'
import { pinnedVersions, statements } from '../core/versions.ts'

export interface StackPackage {
  name: string
  /** The exact version that package.json pins. */
  pinned: string
  /** Documents that name the package as verified, or whose code imports from it. */
  references: string[]
}

/**
 * Packages that the references teach: named by a "Verified with" line, by `compatibility` or by the package.json of
 * an example, and pinned to one exact version in package.json. In order of their names.
 */
export function stackOf(bundle: Bundle): StackPackage[] {
  const pinned = pinnedVersions(bundle)
  const pages = new Map<string, Set<string>>()
  for (const { package: name, path } of statements(bundle)) {
    const named = pages.get(name) ?? new Set()
    pages.set(name, path.startsWith('examples/') ? named : named.add(path))
  }
  for (const { path } of bundle.documents.values())
    for (const name of importedBy(bundle, path)) pages.get(name)?.add(path)
  return [...pages]
    .flatMap(([name, references]) => ({ name, pinned: pinned.get(name) ?? '', references: [...references].sort() }))
    .filter(({ pinned }) => /^\d/.test(pinned))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const statement = /^import\s+(?:type\s+)?([^'"]*?)\s*from\s*['"]([^'"\n]+)['"]/gm

/** Packages from which the code of a document takes a name: a quoted region from the imports of its file. */
function importedBy({ documents, quoted }: Bundle, path: string): Set<string> {
  const packages = new Set<string>()
  for (const { node, lang, attributes } of fencesOf(documents.get(path)!)) {
    const [file = '', region = ''] = attributes.file?.split('#') ?? []
    const source = attributes.file ? quoted.get(file) : /^tsx?$/.test(lang) ? node.value : undefined
    if (source === undefined) continue
    const code = (attributes.file ? regionOf(source, region)?.text : source) ?? ''
    for (const [, names = '', specifier = ''] of source.matchAll(statement)) {
      const isUsed = [...names.matchAll(/[\w$]+/g)].some(([name]) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code))
      const [, id] = /^((?:@[\w.-]+\/)?[\w-][\w.-]*)/.exec(specifier) ?? []
      if (id && isUsed) packages.add(id)
    }
  }
  return packages
}
