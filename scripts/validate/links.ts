import { posix } from 'node:path'
import type { Bundle, Document } from '../core/bundle.ts'
import { isClaim, isUnseen, leaves, localReferences, type LocalReference } from '../core/link-target.ts'
import { undefinedReferences } from '../core/links.ts'
import { proposer, quoted } from '../core/nearest.ts'
import type { Report, Rule } from '../core/rule.ts'

/** Local links, images and paths lead to a file that the disk lists under exactly that name. */
export const rule: Rule = {
  id: 'links',
  summary: 'local links, images and paths lead to a file of exactly that name; references are defined',
  check(bundle, report) {
    const propose = proposer()
    const folded = foldedNames(bundle)
    for (const document of bundle.documents.values()) {
      for (const reference of localReferences(bundle, document)) {
        if (isFound(bundle, document, reference)) continue
        const better =
          folded.get(fold(reference.target.path)) ??
          otherPlace(bundle, reference) ??
          propose(reference.target.path, bundle.entries.keys())
        tell(document, reference, better, report)
      }
      checkEmpty(bundle, document, report)
      checkDefinitions(document, propose, report)
    }
  },
}

const folderForm = /^[^?#]*\/(?:[?#]|$)/

function isFound(bundle: Bundle, document: Document, reference: LocalReference): boolean {
  const { url, target } = reference
  if (leaves(target) || target.path === '' || !isClaim(bundle, document, reference)) return true
  const entry = bundle.entries.get(target.path)
  if (entry?.leads === 'nowhere') return false
  if (entry) return entry.kind !== 'file' || !folderForm.test(url)
  return isUnseen(bundle, target.path)
}

function tell(document: Document, reference: LocalReference, better: string | undefined, report: Report): void {
  const { kind, url, place, target } = reference
  const severity = kind === 'mention' ? ('warning' as const) : ('error' as const)
  if (better === undefined) {
    const advice = target.malformed
      ? 'the percent-encoding is broken, write "%25" for "%"'
      : 'create it or correct the path'
    return report(document.path, `there is no file ${quoted(url)}; ${advice}`, { place, severity })
  }
  if (better === target.path) {
    return report(
      document.path,
      `${quoted(url)} ${
        folderForm.test(url)
          ? 'is a file, not a folder; write it without the last "/"'
          : 'is a symbolic link to something that does not exist; replace it by the file'
      }`,
      { place, severity },
    )
  }
  const expected = asWritten(document, reference, better)
  const problem =
    fold(better) === fold(target.path)
      ? `${quoted(url)} is listed in other letters or case`
      : `there is no file ${quoted(url)}`
  report(document.path, `${problem}; write ${quoted(expected)}`, {
    place,
    severity,
    expected: [expected],
    ...fixOf(document, reference, expected),
  })
}

/** Only the case is corrected without asking; any other proposal is a guess. */
function fixOf(document: Document, { url, place, target }: LocalReference, expected: string) {
  if (fold(expected) !== fold(url) || target.malformed) return {}
  const start = place.start.offset!
  const source = document.text.slice(start, place.end.offset)
  const at = source.lastIndexOf(url)
  return at === -1 || source.indexOf(url) !== at
    ? {}
    : { fix: { start: start + at, end: start + at + url.length, text: expected } }
}

function asWritten(document: Document, { kind, url }: LocalReference, path: string): string {
  const bare = kind === 'path' || kind === 'mention'
  const variable = /^\$\{?CLAUDE_SKILL_DIR\}?\//.exec(url)?.[0] ?? ''
  const own = bare || variable ? `${variable}${path}` : posix.relative(posix.dirname(document.path), path)
  const slash = folderForm.test(url) ? '/' : ''
  const dotted = `${url.startsWith('./') && !own.startsWith('.') ? './' : ''}${own}${slash}`
  if (bare) return dotted
  const encoded = dotted.replace(/[%#?]/g, encodeURIComponent)
  return (url.includes(' ') ? encoded : encoded.replaceAll(' ', '%20')) + (/[?#].*$/s.exec(url)?.[0] ?? '')
}

/** The usual slips: written from the skill's root instead of the file's folder, or without `.md`. */
function otherPlace({ entries }: Bundle, { url, target }: LocalReference): string | undefined {
  const fromRoot = posix.normalize(url.replace(/[?#].*$/s, ''))
  return [target.path, fromRoot, `${target.path}.md`, `${fromRoot}.md`].find((path) => entries.has(path))
}

function foldedNames({ entries }: Bundle): Map<string, string> {
  const names = new Map<string, string>()
  for (const path of entries.keys()) if (!names.has(fold(path))) names.set(fold(path), path)
  return names
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

function checkEmpty(bundle: Bundle, document: Document, report: Report): void {
  for (const { kind, url, place } of localReferences(bundle, document)) {
    if (url !== '' || (kind !== 'link' && kind !== 'image')) continue
    report(document.path, `this ${kind} has no target; write one between the parentheses`, { place })
  }
}

function checkDefinitions(document: Document, propose: ReturnType<typeof proposer>, report: Report): void {
  const undefinedOnes = undefinedReferences(document)
  if (undefinedOnes.length === 0) return
  const labels = document.tree.children.flatMap((node) =>
    node.type === 'definition' ? [node.label ?? node.identifier] : [],
  )
  for (const { label, place } of undefinedOnes) {
    const near = propose(label.toLowerCase(), labels, (candidate) => candidate.toLowerCase())
    const advice = near === undefined ? `add a line "[${label}]: target"` : `write ${quoted(near)}`
    report(document.path, `no definition for the reference ${quoted(label)}; ${advice}`, {
      place,
      ...(near && { expected: [near] }),
    })
  }
}
