import { expect, test } from 'vitest'
import { finding, pointAt, printable } from './finding.ts'

test('a finding is a VFileMessage with a severity', () => {
  const found = finding('some-rule', 'this is wrong; do that', {
    place: { line: 3, column: 4 },
    severity: 'warning',
    expected: ['that'],
    note: 'why',
  })
  expect(found).toMatchObject({
    ruleId: 'some-rule',
    source: 'backend-design',
    reason: 'this is wrong; do that',
    line: 3,
    column: 4,
    fatal: false,
    severity: 'warning',
    expected: ['that'],
    note: 'why',
  })
  expect(
    ['error', 'warning', 'info'].map((severity) => finding('a', 'b', { severity: severity as 'error' }).fatal),
  ).toEqual([true, false, undefined])
})

test('what a checked file holds cannot steer a terminal', () => {
  expect(printable('a\u001b[31mb\nc\u202Ed\u{E0041}')).toBe('a\\u{1b}[31mb\\u{a}c\\u{202e}d\\u{e0041}')
  expect(printable('é 你 👨‍👩‍👧 می‌خواهم')).toBe('é 你 👨‍👩‍👧 می‌خواهم')
})

test.each([
  ['', 0, '1:1'],
  ['abc', 2, '1:3'],
  ['a\nb', 1, '1:2'],
  ['a\nb', 2, '2:1'],
  ['a\r\nb', 3, '2:1'],
  ['\n\n\n', 3, '4:1'],
  ['😀x', 2, '1:3'],
])('%j at %d is %s', (text, offset, expected) => {
  const { line, column } = pointAt(text, offset)
  expect(`${line}:${column}`).toBe(expected)
})
