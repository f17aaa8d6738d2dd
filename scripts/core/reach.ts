import { posix } from 'node:path'
import type { Bundle, Document } from './bundle.ts'
import { localReferences, type LocalReference } from './link-target.ts'

export interface Step {
  from: Document
  reference: LocalReference
  to: string
}

/** Each step by which `document` leads to another document of the skill; a link to a folder leads to all in it. */
export function stepsFrom(bundle: Bundle, document: Document): Step[] {
  return localReferences(bundle, document).flatMap((reference) => {
    const { path } = reference.target
    if (bundle.documents.has(path)) return path === document.path ? [] : [{ from: document, reference, to: path }]
    if (path === '' || bundle.entries.get(path)?.kind !== 'folder') return []
    return documentsIn(bundle, path).filter((to) => to !== document.path).map((to) => ({ from: document, reference, to }))
  })
}

function documentsIn({ documents }: Bundle, folder: string): string[] {
  return [...documents.keys()].filter((path) => posix.dirname(path) === folder)
}

/**
 * Documents that SKILL.md leads to, each with the step that found it first (SKILL.md has none).
 * `complete` is false when one of them could not be read, so that more may be reachable.
 */
export function reachable(bundle: Bundle): { first: Map<string, Step | undefined>; complete: boolean } {
  const first = new Map<string, Step | undefined>([[bundle.skill.path, undefined]])
  let complete = true
  for (const path of first.keys()) {
    const document = bundle.documents.get(path)!
    if (document.problem) complete = false
    for (const step of stepsFrom(bundle, document)) if (!first.has(step.to)) first.set(step.to, step)
  }
  return { first, complete }
}
