import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

/** Bidirectional controls, tag characters, variation-selector runs and zero-width runs. */
const suspects = /[\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]+|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{2,}|[\u200B\u200C\u200D\u2060\uFEFF\u180E\u00AD]+/gu
const joinable = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\u20E3]/u
const joiningScript = /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Syriac}]/u

/**
 * Characters that a person does not see and a model reads. Emoji sequences, flags and the joiners of
 * Persian and Indic scripts are ordinary text; one lone zero-width space is tolerated as a paste artefact.
 */
export const rule: Rule = {
  id: 'hidden-unicode',
  summary: 'no invisible or direction-changing characters that hide text from a reader',
  check({ documents }, report) {
    for (const { path, text } of documents.values()) {
      for (const match of text.matchAll(suspects)) {
        const codes = [...match[0]].map((char) => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
        const before = [...text.slice(Math.max(0, match.index - 2), match.index)].at(-1) ?? ''
        const after = String.fromCodePoint(text.codePointAt(match.index + match[0].length) ?? 32)
        if (isOrdinary(match[0], before, after)) continue
        const shown = codes.length > 4 ? `${codes.slice(0, 4).join(' ')} and ${codes.length - 4} more` : codes.join(' ')
        report(path, `hidden characters ${shown}; delete them`, {
          place: pointAt(text, match.index),
          fix: { start: match.index, end: match.index + match[0].length, text: '' },
        })
      }
    }
  },
}

function isOrdinary(run: string, before: string, after: string): boolean {
  if (run.length === 1 && run !== '\u2060' && !/[\u202A-\u202E\u2066-\u2069]/.test(run)) {
    if (run === '\u200D' || run === '\u200C') return joinable.test(before) || joiningScript.test(before) || joiningScript.test(after)
    return run === '\u200B' || run === '\u00AD'
  }
  const isTagSequence = /^[\u{E0020}-\u{E007F}]+$/u.test(run)
  return isTagSequence && before === '\u{1F3F4}' && run.endsWith('\u{E007F}') && [...run].length <= 7
}
