import type { Document } from '../../core/bundle.ts'
import { fencesIn, type PlacedFence } from '../documents.ts'

export interface Guide {
  /** Commits and tags what an epic has made; its environment names the checkpoint in `N`. */
  checkpoint: PlacedFence
  /** Leads back to the checkpoint `N`. */
  wayBack: PlacedFence
  /** Fences of each epic in order, from epic 1. */
  epics: PlacedFence[][]
}

/** The guide's fences by the section they stand in. Throws when the guide lacks what a migration needs. */
export function guideOf(document: Document): Guide {
  const headings = document.tree.children.flatMap((node) => {
    if (node.type !== 'heading' || node.depth !== 2) return []
    const { start, end } = node.position!
    return [{ line: start.line, title: document.text.slice(start.offset, end.offset) }]
  })
  const titleOf = ({ line }: PlacedFence) => headings.findLast((heading) => heading.line < line)?.title ?? ''
  const fences = fencesIn([document])
  const [checkpoint, wayBack] = fences.filter((fence) => titleOf(fence) === '## Checkpoints')
  const epics = [1, 2, 3, 4, 5].map((number) =>
    fences.filter((fence) => titleOf(fence).startsWith(`## Epic ${number}:`)))
  const missing = epics.findIndex((epic) => epic.length === 0) + 1
  if (!checkpoint || !wayBack) throw new Error(`${document.path}: "## Checkpoints" needs the commit and the way back`)
  if (missing > 0) throw new Error(`${document.path}: "## Epic ${missing}: …" has no fence to execute`)
  return { checkpoint, wayBack, epics }
}

/** All fences of `guide`, whatever their section. */
export function fencesOfGuide({ checkpoint, wayBack, epics }: Guide): PlacedFence[] {
  return [checkpoint, wayBack, ...epics.flat()]
}
