import type { Bundle, Document } from './bundle.ts'

/** A place of the bundle that states a version of a package. */
export interface Statement {
  path: string
  /** Where `name` starts in the file. */
  offset: number
  /** What is written, without the version: `hono@` or `Hono `. */
  name: string
  version: string
  package: string
  /** The version that package.json pins, as exact as it is written here; undefined when the package is not pinned. */
  due: string | undefined
}

const pin = /`((?:@[\w.-]+\/)?[\w.-]+)@(\d[\w.+-]*)`/g
/** Names that `compatibility` uses → package. PostgreSQL is no package: the fences name the servers they run on. */
const products: Record<string, string> = {
  Bun: 'bun', Clerk: '@clerk/backend', Drizzle: 'drizzle-orm', Hono: 'hono', Turborepo: 'turbo', TypeScript: 'typescript',
  Zod: 'zod', tRPC: '@trpc/server',
}
const product = new RegExp(`\\b(${Object.keys(products).join('|')}) (\\d+(?:\\.\\d+)*)`, 'g')
const tableStart = '<!-- versions -->\n'
const tableEnd = '<!-- /versions -->'

/** What package.json asks for, by package: exact versions, and ranges as they are. */
export function pinnedVersions({ packageJson }: Pick<Bundle, 'packageJson'>): Map<string, string> {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = packageJson ?? {}
  const all = Object.entries({ ...peerDependencies, ...optionalDependencies, ...dependencies, ...devDependencies })
  return new Map(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** The "Verified with" line of a document and where it starts. */
export function verifiedLine({ text }: Pick<Document, 'text'>): { text: string; offset: number } | undefined {
  const match = /^\*\*Verified with\*\*.*(?:\n(?!\s*\n).+)*/m.exec(text)
  return match ? { text: match[0], offset: match.index } : undefined
}

/** What "Verified with" lines, `compatibility` of SKILL.md and the packages below examples/ say about versions. */
export function statements(bundle: Bundle): Statement[] {
  const pinned = pinnedVersions(bundle)
  const found: Statement[] = []
  const add = (path: string, offset: number, written: string, name: string, version: string): void => {
    const due = pinned.get(name)
    found.push({ path, offset, name: written, version, package: name, due: due && sameLength(due, version) })
  }
  for (const document of bundle.documents.values()) {
    const line = verifiedLine(document)
    if (!line) continue
    for (const { 1: name = '', 2: version = '', index } of line.text.matchAll(pin))
      add(document.path, line.offset + index, `\`${name}@`, name, version)
  }
  const { path, text } = bundle.skill
  const compatibility = /^compatibility:.*?verified with.*$/im.exec(text)
  if (compatibility) {
    for (const { 1: name = '', 2: version = '', index } of compatibility[0].matchAll(product))
      add(path, compatibility.index + index, `${name} `, products[name]!, version)
  }
  for (const [path, text] of bundle.examples) {
    for (const { 0: whole, 1: name = '', 2: version = '', index } of text.matchAll(/"([^"\n]+)": *"(\d[^"\n]*)"/g))
      if (pinned.has(name)) add(path, index, whole.slice(0, whole.lastIndexOf(version)), name, version)
  }
  return found
}

/** The packages that "Verified with" lines name, with their pinned version and the references that name them. */
export function versionTable(bundle: Bundle): string {
  const pages = new Map<string, string[]>()
  for (const { path, package: name } of statements(bundle)) {
    if (!path.startsWith('references/')) continue
    const page = path.slice('references/'.length, -'.md'.length)
    if (!pages.get(name)?.includes(page)) pages.set(name, [...pages.get(name) ?? [], page])
  }
  const pinned = pinnedVersions(bundle)
  const rows = [...pages].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, names]) => {
    const version = pinned.get(name)
    return version ? [`| \`${name}\` | ${version} | ${names.sort().join(', ')} |\n`] : []
  })
  return `\n| Package | Version | References verified with it |\n| --- | --- | --- |\n${rows.join('')}\n`
}

/** The generated table of README.md: where it stands and whether it is what `versionTable` gives; undefined without marks. */
export function tableIn(bundle: Bundle): { start: number; end: number; isCurrent: boolean } | undefined {
  const text = bundle.documents.get('README.md')?.text ?? ''
  const start = text.indexOf(tableStart) + tableStart.length
  const end = text.indexOf(tableEnd, start)
  if (start < tableStart.length || end === -1) return undefined
  return { start, end, isCurrent: text.slice(start, end) === versionTable(bundle) }
}

function sameLength(due: string, written: string): string {
  return /^\d+(?:\.\d+)?$/.test(written) ? due.split('.').slice(0, written.split('.').length).join('.') : due
}
