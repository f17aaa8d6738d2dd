import { expect, test } from 'vitest'
import { fixturesOf, onFixture } from '../core/testing.ts'
import { rule } from './depth.ts'

const nested = (name: string) =>
  `"${name}" is linked from here but not from SKILL.md, so agents may miss it; link it from SKILL.md too`

const table: Record<string, string[]> = {
  'error-folder': [
    'references/deep:1:1 references are one level deep; move the files of this folder up into references/',
  ],
  'error-nested': [`references/a.md:3:6 ${nested('b.md')}`, `references/a.md:3:25 ${nested('c.md')}`],
  'valid-flat': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  expect(await onFixture(rule, name)).toEqual(expected)
})
