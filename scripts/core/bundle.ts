import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, extname, join, posix } from 'node:path'
import type { Root } from 'mdast'
import { fencesOf } from './fences.ts'
import type { Severity } from './finding.ts'
import { parseFrontmatter, type Frontmatter } from './frontmatter.ts'
import { estimate, parseMarkdown, sections, type Section } from './markdown.ts'
import { leadsUpward, readUtf8, staysInside, whereLeads } from './read.ts'

export interface Entry {
  kind: 'file' | 'folder' | 'link'
  size: number
  /** Only for a symbolic link: where it leads. */
  leads?: 'inside' | 'outside' | 'nowhere'
}

export interface Document {
  /** Path from the skill's root, with `/`. */
  path: string
  /** Whole text without byte order mark; empty when the file has a `problem`. */
  text: string
  bom: boolean
  /** Estimated milliseconds that parsing took. */
  cost?: number
  /** Why the file could not be read or parsed. */
  problem?: { reason: string; line: number }
  /** Only for SKILL.md. */
  frontmatter?: Frontmatter
  /** Syntax tree of the whole file; the frontmatter is blanked, so that positions are those of the file. */
  tree: Root
  sections: Section[]
}

/** One skill, read and parsed once. Rules are functions of this value and touch no disk. */
export interface Bundle {
  root: string
  /** Name that the frontmatter must carry: the folder's, or the package's at a repository root. */
  expectedName: string
  isRepository: boolean
  /** Every file and folder below the root as the disk lists it, by path with `/`. */
  entries: Map<string, Entry>
  /** Markdown documents of the skill, SKILL.md first. */
  documents: Map<string, Document>
  skill: Document
  /** What was left out, with the reason. */
  skipped: { path: string; reason: string; severity?: Severity }[]
  packageJson: Record<string, any> | undefined
  /** Text of each `examples/<name>/package.json`, by path. */
  examples: Map<string, string>
  /** Text of evals/triggers.json when there is one. */
  triggers: string | undefined
  /** Text of each source file that a fence quotes, by the path in its info string; undefined when unreadable. */
  quoted: Map<string, string | undefined>
  /** Fingerprints of quoted regions that a test run has executed, by `path#region`. */
  executed: Record<string, string>
  /** Tests that execute fences, by the name that `run=…` gives: as `scripts/fences/runs.json` lists them. */
  runs: Map<string, { test: string; text: string | undefined }>
  /** Name and description of each skill under evals/catalog. */
  catalog: { name: string; description: string }[]
}

/** Written by `npm run quote -- --record`: what the example's tests have executed. */
export const executedPath = 'examples/executed.json'
/** Which test executes the fences of `run=name`: name → path of the test. */
export const runsPath = 'scripts/fences/runs.json'

/** Folders that are not listed, so nothing can be said about what is in them. */
export const skippedFolders = new Set(['.git', 'node_modules', '.cache', 'coverage', 'fixtures', 'results', 'dist'])
const maxEntries = 20_000
/** Largest JSON or quoted source that is read; neither goes through a Markdown parser. */
const maxDataBytes = 8_388_608
const maxFolderDepth = 12
/** Estimated milliseconds of parsing for one skill: two or three times what 3,000 small references take. */
const maxTotalCost = 6_000
/** Frontmatter of a reference, which nobody checks; without this it would parse as a setext heading. */
const yamlHead = /^---[ \t]*\r?\n[\w-]+:[^]*?\n---[ \t]*(?:\r?\n|$)/
const emptyTree: Root = { type: 'root', children: [] }

/** Read and parse the skill in `root`. Throws only when SKILL.md itself is not there. */
export function loadBundle(root: string): Bundle {
  const skipped: Bundle['skipped'] = []
  const entries = listEntries(root, skipped)
  const isRepository = entries.has('package.json') || existsSync(join(root, '.git'))
  const packageJson = isRepository ? readJson(root, 'package.json') : undefined
  const skill = readDocument(root, 'SKILL.md', true)
  const documents = new Map([[skill.path, skill]])
  let total = skill.cost ?? 0
  for (const [path, entry] of entries) {
    if (entry.kind === 'folder' || extname(path) !== '.md' || documents.has(path)) continue
    if (!belongs(path, isRepository, entries)) continue
    if (entry.leads === 'outside') continue
    if (total > maxTotalCost) {
      skipped.push({
        path,
        reason: 'the documents before this one take too long to read; it and the rest are not checked, split the skill',
        severity: 'error',
      })
      break
    }
    const document = readDocument(root, path, false)
    total += document.cost ?? 0
    documents.set(path, document)
  }
  return {
    root, entries, documents, skill, skipped, packageJson, isRepository,
    expectedName: isRepository && typeof packageJson?.name === 'string' ? packageJson.name.replace(/^@.*\//, '') : basename(realpathSync(root)),
    examples: isRepository ? readExamples(root, entries) : new Map(),
    triggers: entries.has('evals/triggers.json') ? readText(root, 'evals/triggers.json') : undefined,
    quoted: readQuoted(root, documents.values()),
    executed: (isRepository && readJson(root, executedPath)) || {},
    runs: isRepository ? readRuns(root) : new Map(),
    catalog: readCatalog(root, entries),
  }
}

function readQuoted(root: string, documents: Iterable<Document>): Bundle['quoted'] {
  const found: Bundle['quoted'] = new Map()
  for (const document of documents) {
    for (const { attributes: { file } } of fencesOf(document)) {
      const path = file?.split('#')[0]
      if (path && !found.has(path)) found.set(path, staysInside(root, path) ? readText(root, path) : undefined)
    }
  }
  return found
}

function readExamples(root: string, entries: Map<string, Entry>): Bundle['examples'] {
  const paths = [...entries.keys()].filter((path) => /^examples\/[^/]+\/package\.json$/.test(path) && staysInside(root, path))
  return new Map(paths.flatMap((path) => [[path, readText(root, path)] as const]).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function readRuns(root: string): Bundle['runs'] {
  const listed = Object.entries(readJson(root, runsPath) ?? {}).map(([name, test]) => [name, String(test)] as const)
  return new Map(listed.map(([name, test]) => [name, { test, text: staysInside(root, test) ? readText(root, test) : undefined }]))
}

/** A repository holds more than its skill: there, only the root's Markdown and references/ count. */
function belongs(path: string, isRepository: boolean, entries: Map<string, Entry>): boolean {
  const folder = posix.dirname(path)
  if (isRepository) return folder === '.' || folder === 'references' || folder.startsWith('references/')
  for (let up = folder; up !== '.'; up = posix.dirname(up)) if (entries.has(`${up}/SKILL.md`)) return false
  return true
}

function listEntries(root: string, skipped: Bundle['skipped']): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const walk = (folder: string, depth: number): void => {
    let names
    try {
      names = readdirSync(join(root, folder), { withFileTypes: true })
    } catch (error) {
      skipped.push({
        path: folder,
        reason: `the folder cannot be read (${(error as NodeJS.ErrnoException).code}); make it readable`,
        severity: 'error',
      })
      return
    }
    for (const item of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? item.name : `${folder}/${item.name}`
      if (entries.size >= maxEntries) {
        if (skipped.at(-1)?.path !== '') {
          skipped.push({
            path: '',
            reason: `more than ${maxEntries} files; the rest is not looked at`,
            severity: 'error',
          })
        }
        return
      }
      const kind = item.isSymbolicLink() ? 'link' : item.isDirectory() ? 'folder' : 'file'
      if (kind === 'folder' && skippedFolders.has(item.name)) continue
      entries.set(path, kind === 'link' ? { kind, size: 0, leads: whereLeads(root, path) } : { kind, size: 0 })
      if (kind === 'link' && leadsUpward(root, path)) {
        skipped.push({
          path,
          reason: 'this link leads to a folder that holds the link itself; remove it, tools that follow links never end',
          severity: 'error',
        })
      }
      if (kind !== 'folder') continue
      if (depth < maxFolderDepth) walk(path, depth + 1)
      else skipped.push({ path, reason: `deeper than ${maxFolderDepth} folders; not looked at` })
    }
  }
  walk('', 0)
  return entries
}

/** Read one Markdown file; every failure becomes its `problem`. */
export function readDocument(root: string, path: string, withFrontmatter: boolean): Document {
  const document: Document = { path, text: '', bom: false, tree: emptyTree, sections: [] }
  const decoded = readUtf8(root, path)
  if ('problem' in decoded) return { ...document, problem: { reason: decoded.problem, line: 1 } }
  if (withFrontmatter) document.frontmatter = parseFrontmatter(decoded.text)
  const bodyStart = document.frontmatter?.bodyStart ?? yamlHead.exec(decoded.text)?.[0].length ?? 0
  const markdown = decoded.text.slice(0, bodyStart).replace(/[^\n]/g, ' ') + decoded.text.slice(bodyStart)
  const { cost, problem } = estimate(markdown)
  if (problem) return { ...document, problem }
  document.text = decoded.text
  document.bom = decoded.bom
  document.cost = cost
  document.tree = parseMarkdown(markdown)
  document.sections = sections(document.tree)
  return document
}

function readText(root: string, path: string): string | undefined {
  const decoded = readUtf8(root, path, maxDataBytes)
  return 'text' in decoded ? decoded.text : undefined
}

function readJson(root: string, path: string): Record<string, any> | undefined {
  try {
    const value = JSON.parse(readText(root, path) ?? '')
    return value && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

function readCatalog(root: string, entries: Map<string, Entry>): Bundle['catalog'] {
  const found: Bundle['catalog'] = []
  for (const path of entries.keys()) {
    if (!/^evals\/catalog\/[^/]+\/(SKILL|NEIGHBOUR)\.md$/.test(path)) continue
    const data = parseFrontmatter(readText(root, path) ?? '').data
    found.push({ name: String(data.name ?? basename(dirname(path))), description: String(data.description ?? '') })
  }
  return found
}
