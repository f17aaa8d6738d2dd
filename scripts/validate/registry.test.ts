import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../core/config.ts'
import { validate } from '../core/run.ts'
import { registry } from './registry.ts'

const folder = import.meta.dirname
const root = join(folder, '../..')
const ids = registry.map(({ id }) => id)
const readme = join(root, 'README.md')

test('every rule file is registered, once', () => {
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'registry.ts',
  )
  expect(ids.toSorted()).toEqual(files.map((name) => name.replace('.ts', '')).toSorted())
})

test('every fixture folder belongs to a rule', () => {
  expect(readdirSync(join(folder, 'fixtures')).filter((name) => !ids.includes(name))).toEqual([])
})

describe.each(registry)('$id', ({ id, summary }) => {
  test('is exported by the file of its name', async () => {
    expect((await import(/* @vite-ignore */ join(folder, `${id}.ts`))).rule.id).toBe(id)
  })

  test('has one line that says what it checks', () => expect(summary).toMatch(/^[^\n]{20,110}[^.\n]$/))

  test('has a test, and fixtures or the reason why not', () => {
    const path = join(folder, `${id}.test.ts`)
    expect(existsSync(path)).toBe(true)
    const hasFixtures = existsSync(join(folder, 'fixtures', id))
    expect(hasFixtures || readFileSync(path, 'utf8').includes('// No fixtures: ')).toBe(true)
  })

  test.runIf(existsSync(readme))('has a row in the table of README.md', () => {
    expect(
      readFileSync(readme, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(`| \`${id}\` |`)),
    ).toHaveLength(1)
  })
})

test('a run on the bundle finds its skill, its documents and its rules: a checker that finds nothing would pass for ever', async () => {
  const result = await validate([root], loadConfig(undefined, [root], ids))
  expect(result.skills).toBeGreaterThanOrEqual(1)
  expect(result.files.length).toBeGreaterThanOrEqual(12)
  expect(result.rules).toBe(registry.length)
  expect(Object.values(result.fences).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20)
  expect(Object.keys(result.tokens).length).toBeGreaterThanOrEqual(12)
})
