import type { Bundle, Document } from '../core/bundle.ts'
import { leaves, linkOnTheWay, localReferences, type LocalReference } from '../core/link-target.ts'
import { quoted } from '../core/nearest.ts'
import type { Report, Rule } from '../core/rule.ts'

/** Nothing points out of the skill, whether or not the target exists on this machine. */
export const rule: Rule = {
  id: 'link-escape',
  summary: 'no link or symbolic link leaves the skill; no absolute paths, file: addresses and backslashes',
  check(bundle, report) {
    for (const [path, { leads }] of bundle.entries) {
      if (leads === 'outside' && isPartOfSkill(bundle, path)) {
        report(path, 'this symbolic link leaves the skill; replace it by the file itself')
      }
    }
    for (const document of bundle.documents.values()) {
      for (const reference of localReferences(bundle, document)) checkReference(bundle, document, reference, report)
    }
  },
}

/** A repository holds much besides its skill, virtual environments for instance. */
function isPartOfSkill({ isRepository }: Bundle, path: string): boolean {
  return !isRepository || /^(?:[^/]+|(?:references|scripts|assets)\/.*)$/.test(path)
}

function checkReference(bundle: Bundle, document: Document, reference: LocalReference, report: Report): void {
  const { url, place, target } = reference
  if (target.form === 'file') {
    return report(
      document.path,
      `${quoted(url)} works on one machine only; copy the file into the skill and link it from this file's folder`,
      { place },
    )
  }
  if (target.form === 'absolute') {
    const inside = target.path.replace(/^\/+/, '')
    const hint = inside !== '' && bundle.entries.has(inside) ? ` ("${inside}" counts from the skill's root)` : ''
    return report(document.path, `${quoted(url)} is an absolute path; write the path from this file's folder${hint}`, {
      place,
    })
  }
  if (leaves(target)) {
    if (isGitHubPage(bundle, document, url)) return
    return report(
      document.path,
      `${quoted(url)} leaves the skill; copy the file into the skill or link to a web address`,
      { place },
    )
  }
  const link = linkOnTheWay(bundle, target.path)
  if (link !== undefined && bundle.entries.get(link)!.leads === 'outside') {
    return report(
      document.path,
      `${quoted(url)} leads out of the skill through the symbolic link ${quoted(link)}; replace the link by the file itself`,
      { place },
    )
  }
  if (target.form === 'backslash') tellBackslash(document, reference, report)
}

/** `../../issues` in the README of a repository is GitHub's own relative address of its pages. */
function isGitHubPage({ isRepository }: Bundle, { path }: Document, url: string): boolean {
  return (
    isRepository &&
    path !== 'SKILL.md' &&
    !path.includes('/') &&
    /^\.\.\/\.\.\/(?:issues|pulls?|discussions|actions|releases|security|wiki|projects|graphs|compare|commits?|tags|stargazers)(?:[/?#]|$)/.test(
      url,
    )
  )
}

function tellBackslash(document: Document, { url, place }: LocalReference, report: Report): void {
  const expected = url.replaceAll('\\', '/').replace(/%5c/gi, '/')
  const start = place.start.offset!
  const source = document.text.slice(start, place.end.offset)
  const at = source.indexOf(url)
  const unique = at !== -1 && source.lastIndexOf(url) === at
  report(
    document.path,
    `${quoted(url)} holds a backslash, which only Windows takes for "/"; write ${quoted(expected)}`,
    {
      place,
      severity: 'warning',
      expected: [expected],
      ...(unique && { fix: { start: start + at, end: start + at + url.length, text: expected } }),
    },
  )
}
