/** Largest text file that is read, in bytes. Far above every budget, far below what stalls a parser. */
export const maxTextBytes = 262_144

/** What to say of a file with more bytes than `limit`. */
export function tooLarge(bytes: number, limit: number): string {
  return `the file has ${bytes} bytes, the limit is ${limit}; split it`
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

export type Decoded = { text: string; bom: boolean } | { problem: string }

/**
 * Decode the bytes of a Markdown or JSON file as UTF-8. A byte order mark is accepted and removed.
 * Anything else that no agent client can read is a `problem`: one sentence with the byte offset.
 */
export function decode(bytes: Uint8Array, limit = maxTextBytes): Decoded {
  if (bytes.length === 0) return { problem: 'the file is empty; write its content or delete it' }
  if (bytes.length > limit) return { problem: tooLarge(bytes.length, limit) }
  const [first, second, third] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { problem: 'the file is UTF-16; save it as UTF-8' }
  }
  const nul = bytes.indexOf(0)
  if (nul !== -1) return { problem: `NUL byte at byte offset ${nul}; the file is binary or UTF-16, save it as UTF-8 text` }
  try {
    return { text: utf8.decode(bytes), bom: first === 0xef && second === 0xbb && third === 0xbf }
  } catch {
    return { problem: `invalid UTF-8 at byte offset ${invalidOffset(bytes)}; save the file as UTF-8` }
  }
}

function invalidOffset(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (decodesSoFar(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  while (good > 0 && !decodesSoFar(bytes.subarray(0, good), false)) good--
  return good
}

function decodesSoFar(bytes: Uint8Array, stream = true): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}
