import { expect, test } from 'vitest'
import { defaults } from '../core/config.ts'
import { runCollectionRule } from '../core/rule.ts'
import { rule } from './similar-skills.ts'

// No fixtures: the rule compares skills and reads none; it is given names and descriptions.
const listing = (...skills: [string, string][]) =>
  skills.map(([name, description], index) => ({ root: `/lib/${index}/${name}`, name, description }))
const found = (...skills: [string, string][]) =>
  runCollectionRule(rule, listing(...skills), defaults).map(([path, { reason }]) => `${path} ${reason}`)

const pdf = 'Extracts text and tables from PDF files, fills forms, merges documents.'

test.each<[string, [string, string][], string[]]>([
  [
    'one name twice is told once',
    [
      ['pdf', pdf],
      ['pdf', pdf],
    ],
    ['/lib/1/pdf/SKILL.md another skill of this run is called "pdf" too (../../0/pdf); rename one'],
  ],
  [
    'one description under two names',
    [
      ['pdf', pdf],
      ['documents', 'Extract text and tables from PDF files, fill forms, merge documents'],
    ],
    [
      '/lib/1/documents/SKILL.md the description is nearly that of "pdf" (100 % of the words); say what sets them apart',
    ],
  ],
  [
    'only the nearest of three',
    [
      ['a', `${pdf} Signs.`],
      ['b', 'Something else, entirely about sailing boats.'],
      ['c', pdf],
      ['d', pdf],
    ],
    [
      '/lib/2/c/SKILL.md the description is nearly that of "a" (90 % of the words); say what sets them apart',
      '/lib/3/d/SKILL.md the description is nearly that of "c" (100 % of the words); say what sets them apart',
    ],
  ],
  [
    'names that differ by one letter',
    [
      ['data-table', 'One.'],
      ['data-tables', 'Two.'],
    ],
    ['/lib/1/data-tables/SKILL.md "data-tables" and "data-table" differ by one character; rename one'],
  ],
  [
    'quiet: the same topic, other words',
    [
      ['a', 'Reviews pull requests for style, tests and naming.'],
      ['b', 'Writes pull requests from a diff and a ticket.'],
    ],
    [],
  ],
  [
    'quiet: a neighbour that is excluded',
    [
      ['query', 'Tunes indexes. Not for schema changes, migrations, rollbacks, locks or backfills; use migrate.'],
      ['migrate', 'Schema changes, migrations, rollbacks, locks, backfills.'],
    ],
    [],
  ],
  [
    'quiet: short, empty and missing',
    [
      ['a', 'Demo.'],
      ['b', 'Demo.'],
      ['', ''],
      ['', ''],
    ],
    [],
  ],
  [
    'quiet: numbered and short names',
    [
      ['skill-1', 'One.'],
      ['skill-2', 'Two.'],
      ['docx', 'Three.'],
      ['docs', 'Four.'],
    ],
    [],
  ],
  [
    'quiet: other scripts',
    [
      ['a', '从 PDF 文件中提取文本和表格。'],
      ['b', '将代码部署到服务器。'],
    ],
    [],
  ],
])('%s', (_, skills, expected) => expect(found(...skills)).toEqual(expected))

function library(size: number) {
  return Array.from({ length: size }, (_, index) => {
    const own = Array.from({ length: 12 }, (_, word) => `word${(index * 31 + word * word * 7) % 997}`)
    return {
      root: `/lib/${index}`,
      name: `skill-${index}`,
      description: `Handles ${own.join(' ')} in every project when the user asks for it.`,
    }
  })
}

test('12,000 skills, many of them alike, are compared without comparing every pair', () => {
  expect(runCollectionRule(rule, library(12_000), defaults).length).toBeGreaterThan(0)
})

test('a description of half a megabyte is compared', () => {
  expect(found(['a', 'word '.repeat(100_000)], ['b', 'not for '.repeat(60_000)])).toEqual([])
})
