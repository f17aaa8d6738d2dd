import { distance } from 'fastest-levenshtein'

const maxWork = 1_000_000
const maxLength = 200

/**
 * Build a function that proposes the candidate nearest to what was written, or nothing when none is near.
 * It stops proposing after a fixed amount of work, so that a file full of mistakes stays cheap.
 */
export function proposer(): (
  written: string,
  candidates: Iterable<string>,
  key?: (candidate: string) => string,
) => string | undefined {
  let work = 0
  return function propose(written, candidates, key = (candidate) => candidate) {
    const limit = Math.max(2, Math.floor(stem(written).length * 0.4))
    let best: { candidate: string; far: number } | undefined
    for (const candidate of candidates) {
      if (++work > maxWork) return undefined
      const text = key(candidate)
      if (text.length > maxLength || Math.abs(text.length - written.length) > limit) continue
      work += text.length
      const far = distance(written, text)
      if (far <= limit && far < (best?.far ?? Infinity)) best = { candidate, far }
    }
    return best?.candidate
  }
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '')
}

const unprintable = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A text from the checked file as it may stand in a message: quoted, short, nothing that steers a terminal. */
export function quoted(text: string): string {
  const short = text.length > 100 ? `${text.slice(0, 97)}...` : text
  return `"${short.replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}
