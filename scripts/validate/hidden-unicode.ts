import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const zeroWidth = '\\u200B-\\u200D\\u2060-\\u2064\\u206A-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u180E\\u00AD'
const hidden = new RegExp(`[${zeroWidth}]`, 'gu')

/** Bidirectional controls, tags, runs of variation selectors, runs of zero-width characters, letters split by them. */
const suspects = new RegExp(
  [
    '[\\u202A-\\u202E\\u2066-\\u2069]+',
    '[\\u{E0000}-\\u{E007F}]+',
    '[\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]{3,}',
    '(?<!\\p{Script=Han})[\\u{E0100}-\\u{E01EF}]',
    `(?:\\p{Script=Latin}[${zeroWidth}]){4,}`,
    `[${zeroWidth}]{2,}`,
    '^\\uFEFF',
  ].join('|'),
  'gu',
)

const joiningScripts = [
  'Arabic',
  'Syriac',
  'Nko',
  'Mongolian',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
  'Khmer',
  'Myanmar',
  'Tibetan',
]
const joinedScript = new RegExp(`[${joiningScripts.map((name) => `\\p{Script=${name}}`).join('')}]`, 'u')

/**
 * Characters that a person does not see and a model reads. Emoji sequences, flags and the joiners of
 * Persian and Indic scripts are ordinary text; a lone zero-width character is a paste artefact.
 */
export const rule: Rule = {
  id: 'hidden-unicode',
  summary: 'no invisible or direction-changing characters that hide text from a reader',
  check({ documents }, report) {
    for (const { path, text } of documents.values()) {
      for (const { 0: run, index } of text.matchAll(suspects)) {
        if (isOrdinary(run, [...text.slice(Math.max(0, index - 2), index)].at(-1) ?? '')) continue
        report(path, `hidden characters ${codesOf(run)}; delete them (--fix does)`, {
          place: pointAt(text, index),
          fix: { start: index, end: index + run.length, text: /^\p{L}/u.test(run) ? run.replace(hidden, '') : '' },
        })
      }
    }
  },
}

function isOrdinary(run: string, before: string): boolean {
  const isJoiner = /^[\u200C\u200D]{2}$/.test(run) && joinedScript.test(before)
  const isFlag = before === '\u{1F3F4}' && /^[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}$/u.test(run)
  return isJoiner || isFlag
}

function codesOf(run: string): string {
  const codes = [...run]
    .filter((char) => !/^\p{L}/u.test(char))
    .map((char) => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
  return codes.length > 4 ? `${codes.slice(0, 4).join(' ')} and ${codes.length - 4} more` : codes.join(' ')
}
