import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { registry } from '../../validate/registry.ts'
import { defaults } from '../config.ts'
import { finding } from '../finding.ts'
import { validate, type RunResult } from '../run.ts'
import { folderWith, skillMd } from '../testing.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { pretty } from './pretty.ts'
import { sarif as write } from './sarif.ts'

const sarif = (one: Pick<RunResult, 'files'>) => write(one, 'backend-design-validate', registry)
const place = { start: { line: 3, column: 5, offset: 20 }, end: { line: 4, column: 2, offset: 40 } }
const result: RunResult = {
  files: [
    { path: 'skills/clean/SKILL.md', messages: [] },
    {
      path: 'skills/odd, name: #1 50%?/SKILL.md',
      messages: [
        finding('links', 'wrong: 100 % of it,\nsay::error:: "no"', {
          place,
          expected: ['right'],
          profiles: ['spec'],
          note: 'https://a.example',
        }),
        finding('fences', 'no place', { severity: 'warning' }),
        finding('contents', 'only a point', { place: { line: 9, column: 1 }, severity: 'info' }),
      ],
    },
  ],
  skills: 2,
  rules: 3,
  fences: { quoted: 2, none: 1 },
  tokens: { 'skills/clean/SKILL.md': 10 },
}

async function realResult(): Promise<RunResult> {
  return validate(
    [folderWith({ 'SKILL.md': skillMd('# A\n\n[b](gone.md) \u202E\n\n```ts\nx\n', 'name: other\ndescription: a: b') })],
    defaults,
  )
}

describe('sarif', () => {
  const schema = JSON.parse(
    readFileSync(
      createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
      'utf8',
    ),
  )
  delete schema.$schema // draft-04, of which it uses nothing that later drafts changed but the name of `id`
  delete schema.id
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  formats.default(ajv)
  const isValid = ajv.compile(schema)
  const errorsOf = (text: string) => (isValid(JSON.parse(text)) ? [] : isValid.errors)

  test('the schema refuses what is no SARIF', () => {
    expect(errorsOf('{"version":"2.1.0"}')).not.toEqual([])
    expect(errorsOf(sarif(result).replace('"error"', '"fatal"'))).not.toEqual([])
  })

  test('made-up findings, real findings and none satisfy the schema', async () => {
    const real = await realResult()
    expect(real.files.flatMap(({ messages }) => messages).length).toBeGreaterThan(3)
    for (const one of [result, real, { ...result, files: [] }]) expect(errorsOf(sarif(one))).toEqual([])
  })

  test('rules, levels, places and paths', () => {
    const [run] = JSON.parse(sarif(result)).runs
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(registry.map(({ id }) => id))
    expect(
      run.results.map(({ ruleId, level, locations: [{ physicalLocation }] }: any) => [
        ruleId,
        level,
        physicalLocation.region,
      ]),
    ).toEqual([
      ['links', 'error', { startLine: 3, startColumn: 5, endLine: 4, endColumn: 2 }],
      ['fences', 'warning', undefined],
      ['contents', 'note', { startLine: 9, startColumn: 1 }],
    ])
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual({
      uri: 'skills/odd%2C%20name%3A%20%231%2050%25%3F/SKILL.md',
      uriBaseId: 'ROOT',
    })
    expect(run.originalUriBaseIds.ROOT.uri).toMatch(/^file:\/\/\/.*[^/]\/$/)
  })
})

test('github: text of a checked file cannot begin or change a workflow command', () => {
  const file = 'file=skills/odd%2C name%3A #1 50%25?/SKILL.md'
  expect(github(result).split('\n')).toEqual([
    `::error ${file},line=3,col=5,title=links::wrong: 100 %25 of it,\\u{a}say::error:: "no"`,
    `::warning ${file},title=fences::no place`,
    `::notice ${file},line=9,col=1,title=contents::only a point`,
  ])
  const raw = {
    ...finding('a:b,c', 'x'),
    ruleId: 'a:b,c',
    severity: 'error' as const,
    reason: 'one\r\n::set-output name=x::y',
  }
  expect(github({ ...result, files: [{ path: 'a\nb', messages: [raw as any] }] })).toBe(
    '::error file=a%0Ab,title=a%3Ab%2Cc::one%0D%0A::set-output name=x::y',
  )
})

test('json: every file, every finding, nothing else', () => {
  expect(JSON.parse(json(result))).toEqual([
    { path: 'skills/clean/SKILL.md', messages: [] },
    {
      path: 'skills/odd, name: #1 50%?/SKILL.md',
      messages: [
        {
          ruleId: 'links',
          severity: 'error',
          reason: 'wrong: 100 % of it,\\u{a}say::error:: "no"',
          line: 3,
          column: 5,
          endLine: 4,
          endColumn: 2,
          profiles: ['spec'],
          expected: ['right'],
          note: 'https://a.example',
        },
        { ruleId: 'fences', severity: 'warning', reason: 'no place', line: null, column: null },
        { ruleId: 'contents', severity: 'info', reason: 'only a point', line: 9, column: 1 },
      ],
    },
  ])
  expect(json({ ...result, files: [] })).toBe('[]')
})

describe('pretty', () => {
  test('findings and the summary', () => {
    const lines = pretty(result, false)
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    expect(lines).toEqual([
      'skills/odd, name: #1 50%?/SKILL.md',
      'warning no place fences backend-design',
      '3:5-4:2 error wrong: 100 % of it,\\u{a}say::error:: "no" links backend-design',
      '9:1 info only a point contents backend-design',
      '',
      '3 messages (✖ 1 error, ⚠ 1 warning)',
      '',
      '2 skills, 2 files, 3 rules: 1 error, 1 warning: failed',
      '3 code fences: 2 quoted, 1 undeclared',
    ])
  })

  test.each<[string, Partial<RunResult>, string[]]>([
    [
      'clean',
      { files: [], skills: 1 },
      [
        '1 skill, 0 files, 3 rules: 0 errors, 0 warnings: passed',
        '3 code fences: 2 quoted, 1 undeclared',
        'tokens (o200k_base): skills/clean/SKILL.md 10',
      ],
    ],
    [
      'undeclared fences are no coverage',
      { files: [], fences: { none: 9, text: 2 } },
      ['2 skills, 0 files, 3 rules: 0 errors, 0 warnings: passed'],
    ],
    [
      'names of files cannot steer a terminal',
      { files: [{ path: 'a\u001b[2J\n.md', messages: [finding('links', 'x')] }], fences: {} },
      [
        'a\\u{1b}[2J\\u{a}.md',
        'error x links backend-design',
        '',
        '✖ 1 error',
        '',
        '2 skills, 1 file, 3 rules: 1 error, 0 warnings: failed',
      ],
    ],
  ])('%s', (_, part, expected) => {
    expect(
      pretty({ ...result, ...part }, false)
        .split('\n')
        .map((line) => line.replaceAll(/\s+/g, ' ').trim()),
    ).toEqual(expected)
  })
})

test('findings from worker threads print like others', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 90 }, (_, index) => [
      `skill-${index}/SKILL.md`,
      skillMd('# A\n\nx\u202E\n', `name: skill-${index}\ndescription: Number ${index}.`),
    ]),
  )
  const found = await validate([folderWith(many, 'skills')], defaults)
  const own = {
    ...found,
    files: found.files.map(({ path, messages }) => ({
      path,
      messages: messages.filter(({ ruleId }) => ruleId === 'hidden-unicode'),
    })),
  }
  expect(pretty(own, false)).toContain(
    '8:2 error hidden characters U+202E; delete them (--fix does) hidden-unicode backend-design',
  )
  expect(pretty(own, false)).toMatch(/^90 skills, 90 files, \d+ rules: 90 errors, 0 warnings: failed$/m)
  expect(JSON.parse(json(own))[0].messages[0]).toMatchObject({
    ruleId: 'hidden-unicode',
    severity: 'error',
    line: 8,
    column: 2,
  })
})
