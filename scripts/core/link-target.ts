import { posix } from 'node:path'
import { skippedFolders, type Bundle, type Document } from './bundle.ts'
import { referencesOf, type Reference } from './links.ts'
import { isOwn } from './paths.ts'

export interface Target {
  /** Normalised path from the skill's root: '' for the root, starting with `..` when it leaves. */
  path: string
  /** Decoded part after `#`. */
  fragment?: string
  /** What a client on another machine cannot follow. */
  form?: 'absolute' | 'file' | 'backslash'
  /** The percent-encoding is broken, so the path is taken as written. */
  malformed?: boolean
}

export interface LocalReference extends Reference {
  target: Target
}

const cache = new WeakMap<Document, LocalReference[]>()

/** References of `document` that point to a file or folder, or to a heading, each with what it points to. */
export function localReferences(bundle: Bundle, document: Document): LocalReference[] {
  let found = cache.get(document)
  if (found) return found
  cache.set(document, (found = []))
  for (const reference of referencesOf(document)) {
    const target = resolveTarget(bundle, document, reference)
    if (target) found.push({ ...reference, target })
  }
  return found
}

/** What `reference` points to in the skill; undefined for the web, other schemes and placeholders. */
export function resolveTarget(
  bundle: Bundle,
  document: Document,
  { kind, url }: Pick<Reference, 'kind' | 'url'>,
): Target | undefined {
  const expanded = expandVariables(bundle, url.trim())
  if (!expanded || isPlaceholder(expanded.url)) return undefined
  const bare = kind === 'path' || kind === 'mention'
  const form = formOf(expanded.url)
  if (form === 'other') return undefined
  const [, written, fragment] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s.exec(expanded.url)!
  const { text, malformed } = bare ? { text: written!, malformed: false } : decodeOnce(written!)
  const target: Target = { path: '' }
  if (form) target.form = form
  if (malformed) target.malformed = true
  if (fragment !== undefined) target.fragment = decodeOnce(fragment).text
  const slashed = text.replaceAll('\\', '/')
  if (form === 'absolute' || form === 'file') target.path = slashed
  else if (slashed === '') target.path = expanded.fromRoot ? '' : document.path
  else
    target.path = bare
      ? barePath(bundle, document, slashed)
      : normalise(expanded.fromRoot ? '' : posix.dirname(document.path), slashed)
  if (!form && /^[/\\]|^[a-z]:\//i.test(slashed)) target.form = 'absolute'
  if (!form && text.includes('\\')) target.form ??= 'backslash'
  return target
}

/** Bare paths count from the skill's root, as commands do; from the document's folder when only that exists. */
function barePath(bundle: Bundle, document: Document, path: string): string {
  const fromRoot = normalise('', path)
  const fromFile = normalise(posix.dirname(document.path), path)
  return bundle.entries.has(fromFile) && !bundle.entries.has(fromRoot) ? fromFile : fromRoot
}

function normalise(folder: string, path: string): string {
  const joined = posix.normalize(posix.join(folder, path)).replace(/\/+$/, '')
  return joined === '.' ? '' : joined
}

function expandVariables(bundle: Bundle, url: string): { url: string; fromRoot: boolean } | undefined {
  const match = /^\$\{?(CLAUDE_SKILL_DIR|CLAUDE_PLUGIN_ROOT)\}?(?:\/|$)/.exec(url)
  if (!match) return { url, fromRoot: false }
  const rest = url.slice(match[0].length)
  if (match[1] === 'CLAUDE_SKILL_DIR') return { url: rest, fromRoot: true }
  const inPlugin = `skills/${posix.basename(bundle.root)}/`
  if (rest.startsWith(inPlugin)) return { url: rest.slice(inPlugin.length), fromRoot: true }
  return bundle.isRepository ? { url: rest, fromRoot: true } : undefined
}

function isPlaceholder(url: string): boolean {
  return /[{}<>$*|…]|\.\.\.|%[A-Z_]{2,}%/.test(url)
}

function formOf(url: string): Target['form'] | 'other' {
  if (/^file:/i.test(url)) return 'file'
  if (/^[a-z]:(?:[\\/]|%5c|%2f)/i.test(url) || /^(?:\/(?!\/)|\\|~\/)/.test(url)) return 'absolute'
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return 'other'
  return undefined
}

function decodeOnce(text: string): { text: string; malformed: boolean } {
  try {
    return { text: decodeURIComponent(text), malformed: false }
  } catch {
    return { text, malformed: true }
  }
}

/** Whether `path` leaves the skill. */
export function leaves({ path, form }: Target): boolean {
  return form === 'absolute' || form === 'file' || path === '..' || path.startsWith('../')
}

/** The symbolic link that `path` is or lies below, if there is one. */
export function linkOnTheWay({ entries }: Bundle, path: string): string | undefined {
  for (let up = path; up !== '.' && up !== ''; up = posix.dirname(up)) if (entries.get(up)?.kind === 'link') return up
  return undefined
}

/** Whether the loader did not look where `path` lies, so that nothing can be said about it. */
export function isUnseen(bundle: Bundle, path: string): boolean {
  if (path.split('/').some((name) => skippedFolders.has(name))) return true
  const link = linkOnTheWay(bundle, path)
  if (link !== undefined && link !== path) return true
  return bundle.skipped.some(
    ({ path: skipped, reason }) => !reason.startsWith('a link') && (skipped === '' || path.startsWith(`${skipped}/`)),
  )
}

const peopleNames =
  'README|CHANGELOG|CHANGES|CONTRIBUTING|CONTRIBUTORS|CODE_OF_CONDUCT|LICEN[CS]E|NOTICE|SECURITY|SUPPORT' +
  '|AUTHORS|AGENTS|CLAUDE|GEMINI'
const forPeople = new RegExp(`(?:^|/)(?:${peopleNames})(?:[._-][^/]*)?\\.md$`)
const forPeopleAtRoot = new RegExp(`^(?:${peopleNames})\\.md$`, 'i')

/** Whether a document is written for people who look at the repository, not for the agent. */
export function isForPeople(path: string): boolean {
  if (path === 'SKILL.md' || path.startsWith('references/')) return false
  return /(?:^|\/)\./.test(path) || forPeople.test(path) || forPeopleAtRoot.test(path)
}

/** Whether a missing `reference` is worth telling: a mention must be about the skill, not a file yet to come. */
export function isClaim(bundle: Bundle, document: Document, { kind, url, output }: Reference): boolean {
  if (kind !== 'path' && kind !== 'mention') return true
  if (output || isForPeople(document.path) || !isOwn(url)) return false
  const [, folder] = /^(?:\$\{\w+\}\/|\.\/)?(\w+)\//.exec(url)!
  return kind === 'path' || folder === 'references' || bundle.entries.has(folder!)
}
