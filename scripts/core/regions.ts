import { createHash } from 'node:crypto'

export interface Region {
  /** Lines of the region without its markers and those of regions inside it, at column 1. */
  text: string
  /** First and last line of the region in its file, markers excluded, counted from 1. */
  start: number
  end: number
}

const marker = /^\s*(?:\/\/|--|#|<!--)\s*#(region|endregion)\b\s*([\w-]*)/

/**
 * The part of a source file between `// #region name` and its `// #endregion`; the whole file when
 * `name` is empty. Regions may nest. Undefined when there is no such region or it is never closed.
 */
export function regionOf(source: string, name: string): Region | undefined {
  const lines = source.replaceAll('\r\n', '\n').split('\n')
  if (name === '') return { text: plain(lines), start: 1, end: lines.length }
  const open: string[] = []
  let start = -1
  for (const [index, line] of lines.entries()) {
    const [, kind, label] = marker.exec(line) ?? []
    if (kind === 'region') {
      open.push(label!)
      if (label === name && start === -1) start = index + 1
    }
    if (kind === 'endregion' && open.pop() === name && start !== -1) {
      return { text: plain(lines.slice(start, index)), start: start + 1, end: index }
    }
  }
  return undefined
}

/** Names of the regions of a source file, in order. */
export function regionNames(source: string): string[] {
  return source.split('\n').flatMap((line) => {
    const [, kind, label] = marker.exec(line) ?? []
    return kind === 'region' ? [label!] : []
  })
}

/** Short fingerprint of quoted text, by which a test run vouches for exactly this version of it. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function plain(lines: string[]): string {
  const kept = lines.filter((line) => !marker.test(line))
  const indents = kept.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length)
  const indent = indents.length === 0 ? 0 : Math.min(...indents)
  return kept.map((line) => line.slice(indent).trimEnd()).join('\n').replace(/^\n+|\n+$/g, '')
}
