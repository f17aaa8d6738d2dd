import type { Document } from '../core/bundle.ts'
import { guideDocuments } from './documents.ts'

/**
 * Says which sentence of the guide a test proves. Throws when the document no longer holds it, so that nobody
 * changes the text and leaves a test that proves something else. Line breaks in `sentence` are spaces.
 */
export function claimed(path: string, sentence: string, documents: Document[] = guideDocuments()): void {
  const document = documents.find((one) => one.path === path)
  if (!document) throw new Error(`${path} is no document of the guide; change the claim of this test`)
  if (!document.text.replace(/\s+/g, ' ').includes(sentence)) {
    throw new Error(`${path} no longer says "${sentence}"; prove what it says now, or restore it`)
  }
}
