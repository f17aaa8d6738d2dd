import { expect, test } from 'vitest'
import { registry } from '../registry.ts'
import { explain, sectionOf } from './explain.ts'

const page = '# Page\n\n## First one\n\na\n\n### Below it\n\nb\n\n### Beside it\n\nc\n\n## Second: `x` & y\n\nd\n'

test.each([
  ['first-one', '## First one\n\na\n\n### Below it\n\nb\n\n### Beside it\n\nc'],
  ['below-it', '### Below it\n\nb'],
  ['second-x--y', '## Second: `x` & y\n\nd'],
  ['third', undefined],
])('%s', (anchor, expected) => expect(sectionOf(page, anchor)).toBe(expected))

test('says why, the fix, its class and how to accept one', () => {
  const text = explain(registry.find(({ id }) => id === 'fk-without-index')!)
  expect(text).toMatch(/^fk-without-index \(error\): /)
  expect(text).toContain('The fix is a behaviour change.\nTo accept one: // audit-disable-next-line fk-without-index: <reason>')
  expect(text).toContain('\n\n## Table standard\n')
})
