import { join } from 'node:path'
import { loadBundle, type Document } from '../core/bundle.ts'
import { fencesOf, type Fence } from '../core/fences.ts'
import { parseMarkdown, sections } from '../core/markdown.ts'

export const root = join(import.meta.dirname, '../..')

export interface PlacedFence extends Fence {
  document: Document
  /** Line of the Markdown file where the fence opens; its code starts on the next one. */
  line: number
  /** `references/x.md:12`. */
  place: string
}

/** SKILL.md and the references of this repository. Throws when one cannot be read, so that none is skipped. */
export function guideDocuments(): Document[] {
  const documents = [...loadBundle(root).documents.values()]
    .filter(({ path }) => path === 'SKILL.md' || path.startsWith('references/'))
  for (const { path, problem } of documents) if (problem) throw new Error(`${path}:${problem.line} ${problem.reason}`)
  return documents
}

/** A document that exists only in a test. */
export function documentOf(path: string, text: string): Document {
  const tree = parseMarkdown(text)
  return { path, text, bom: false, tree, sections: sections(tree) }
}

/** Fences of `documents` in one of `languages`, or in any, in order. */
export function fencesIn(documents: Document[], languages?: string[]): PlacedFence[] {
  return documents.flatMap((document) => fencesOf(document)
    .filter(({ lang }) => languages?.includes(lang) ?? true)
    .map((fence) => {
      const { line } = fence.node.position!.start
      return { ...fence, document, line, place: `${document.path}:${line}` }
    }))
}

/** The fence of `path` that says `run=name`, for the test that executes it. Throws unless there is exactly one. */
export function fenceRunBy(path: string, name: string): PlacedFence {
  const fences = fencesIn(guideDocuments().filter((document) => document.path === path))
    .filter(({ attributes }) => attributes.run === name)
  if (fences.length !== 1) throw new Error(`${path} has ${fences.length} fences with run=${name}, not one`)
  return fences[0]!
}
