import { expect, test } from 'vitest'
import { negativeOf, promptOf, rate, resultOf } from '../testing.ts'
import type { Check } from '../thresholds.ts'
import { escapeXml, junit } from './junit.ts'

const checks: Check[] = [
  { id: 'train.recall', what: 'train recall', kind: 'at least', limit: 0.9, measured: rate(1, 2), met: false },
  { id: 'train.false-loads', what: 'train false loads', kind: 'at most', limit: 1, measured: rate(1, 1), met: true },
  { id: 'symptom.jobs', what: 'recall of symptom jobs', kind: 'at least', limit: 0.1, measured: rate(1, 2), met: true },
]
const rows = [
  { prompt: promptOf({ id: 'missed' }), loaded: null },
  { prompt: promptOf({ id: 'hit' }), loaded: 'ours' },
  { prompt: negativeOf(null, { id: 'false-load' }), loaded: 'ours' },
  { prompt: promptOf({ id: 'broken' }), unusable: 'said <no> & "bye" \u0007\ud800 ]]>' },
]
const xml = junit(resultOf(rows, checks, { verdict: 'fail' }))

/** Names of the elements of a well-formed document; throws on anything else. */
function elements(text: string): string[] {
  const names: string[] = []
  const open: string[] = []
  const rest = text
    .replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
    .replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, closing, name, _attributes, empty) => {
      if (closing) expect(open.pop()).toBe(name)
      else names.push(name)
      if (!closing && !empty) open.push(name)
      return ''
    })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/[<>]|&(?!(?:#\d+|amp|lt|gt|quot);)/)
  expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/)
  return names
}

test('the document is well-formed and has one test case per threshold', () => {
  expect(elements(xml).filter((name) => name === 'testcase')).toHaveLength(4)
  expect(xml).toContain(
    '<testsuites name="evals of ours with the fake client" tests="4" failures="1" errors="0" skipped="1">',
  )
})

test('a threshold that is not met is the failure', () => {
  expect(xml.match(/<failure [^>]*>/g)).toEqual([
    '<failure message="train recall is 50.0 % (1/2, 95 % 9.5–90.5), at least 90.0 % is due"/>',
  ])
})

test('each threshold lists its own misses', () => {
  const output = [...xml.matchAll(/<system-out>([^<]*)<\/system-out>/g)].map(([, text]) => text!.split('\n').slice(1))
  expect(output).toEqual([
    ['missed: missed, nothing loaded'],
    ['false-load: false load, ours loaded'],
    ['missed: missed, nothing loaded'],
  ])
})

test('a prompt without an answer is skipped, with its reason escaped', () => {
  expect(xml).toContain(
    '<skipped message="said &#60;no&#62; &#38; &#34;bye&#34; \ufffd\ufffd ]]&#62;"/>',
  )
})

test.each([
  ['<a href="x">&\'', '&#60;a href=&#34;x&#34;&#62;&#38;&#39;'],
  ['a\u0000b\u001bc\ufffed', 'a\ufffdb\ufffdc\ufffdd'],
  ['tab\tand\rreturn', 'tab&#9;and&#13;return'],
  ['🙂 ção', '🙂 ção'],
])('%j is escaped', (text, escaped) => {
  expect(escapeXml(text)).toBe(escaped)
})
