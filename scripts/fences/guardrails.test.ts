import { toString } from 'mdast-util-to-string'
import type { Table } from 'mdast'
import { expect, test } from 'vitest'
import { registry } from '../audit/registry.ts'
import { documentOf, guideDocuments } from './documents.ts'
import { wrongArithmetic } from './arithmetic.ts'

const path = 'references/operational-guardrails.md'
const document = guideDocuments().find((one) => one.path === path)!

/** The cells of the table that follows the heading `title`. */
function tableBelow(title: string, { tree } = document): string[][] {
  const start = tree.children.findIndex((node) => node.type === 'heading' && toString(node) === title)
  const table = tree.children.slice(start + 1).find((node): node is Table => node.type === 'table')
  if (start < 0 || !table) throw new Error(`${path} has no table below "${title}"`)
  return table.children.slice(1).map((row) => row.children.map((cell) => toString(cell)))
}

test('every equation of the SLO and of the timeouts is right', () => {
  const { checked, wrong } = wrongArithmetic(document.text)
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThanOrEqual(6)
})

test.each([
  ['43,200 min × 0.001 = **44 min**', '43,200 × 0.001 = 43.2, not 44'],
  ['6 × 6/720 = 6 %', '6 × 6/720 = 0.05, not 0.06'],
  ['pool wait 2 + statement 3 + provider 4 (retries included) = 10 s', '2 + 3 + 4 = 9, not 10'],
])('a wrong equation is found: %s', (text, wrong) => {
  expect(wrongArithmetic(text)).toEqual({ checked: 1, wrong: [wrong] })
})

test('budgets of 30 days', () => {
  const text = document.text
  const [, minutes, perMillion] = /= \*\*([\d.]+) min\*\*, or ([\d,]+) bad per million/.exec(text)!
  expect([Number(minutes), Number(perMillion!.replace(',', ''))]).toEqual([43.2, 1_000])
  const others = [...text.matchAll(/([\d.]+) %: ([\d.]+) min/g)].map(([, target, budget]) => [Number(target), Number(budget)])
  expect(others).toHaveLength(2)
  for (const [target, budget] of others) expect(30 * 24 * 60 * (1 - target! / 100)).toBeCloseTo(budget!, 6)
})

test('each burn rate follows from 99.9 % and its long window', () => {
  const rows = tableBelow('SLO and alerts')
  expect(rows).toHaveLength(3)
  for (const [burn, windows, ratio, spent, empty] of rows) {
    const rate = parseFloat(burn!)
    const [, amount, unit] = /^(\d+) (h|d)/.exec(windows!)!
    const hours = Number(amount) * (unit === 'd' ? 24 : 1)
    expect(parseFloat(ratio!)).toBeCloseTo(rate * 0.1, 6)
    expect(parseFloat(/= ([\d.]+) %/.exec(spent!)![1]!)).toBeCloseTo((rate * hours * 100) / 720, 6)
    expect(parseFloat(empty!) * (empty!.endsWith('d') ? 24 : 1)).toBeCloseTo(720 / rate, 6)
  }
  const [fastest] = rows
  const [, threshold, budget] = /\(1 - good:ratio1h\) > ([\d.]+) \* ([\d.]+)/.exec(document.text)!
  expect([parseFloat(threshold!), Number(budget)]).toEqual([parseFloat(fastest![0]!), 0.001])
  const [, part, calls] = /below 1 ÷ ([\d.]+) ≈ (\d+) calls/.exec(document.text)!
  expect([Number(part) * 100, Math.round(1 / Number(part) / 10) * 10]).toEqual([parseFloat(fastest![2]!), Number(calls)])
})

test('each box of the checklist says what closes it and who may waive it; the rules it names exist', () => {
  const rows = tableBelow('PR checklist')
  expect(rows.length).toBeGreaterThan(15)
  for (const [, box, evidence, waiver] of rows) {
    expect(box).toMatch(/\w/)
    expect(evidence).toMatch(/\w/)
    expect(['—', 'owner', 'on-call', 'security', 'service owner']).toContain(waiver)
  }
  const known = registry.map(({ id }) => id)
  const named = rows.flatMap(([, , evidence]) => evidence!.split('; ').slice(1).flatMap((rules) => rules.split(', ')))
  expect(named.length).toBeGreaterThanOrEqual(9)
  expect(named.filter((rule) => !known.includes(rule))).toEqual([])
})

test('a table that is gone is an error', () => {
  expect(() => tableBelow('PR checklist', documentOf(path, '# Empty\n'))).toThrow('has no table below "PR checklist"')
})
