import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { referencePath, sectionOf } from './engine/explain.ts'
import { databaseRegistry } from './database/registry.ts'
import { registry } from './registry.ts'

const folder = import.meta.dirname
const ids = registry.map(({ id }) => id)
const isRule = (name: string) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !['registry.ts', 'testing.ts'].includes(name)

test('every rule file is registered, once', () => {
  expect(ids.toSorted()).toEqual(readdirSync(folder).filter(isRule).map((name) => name.replace('.ts', '')).toSorted())
})

test('every rule file for databases is registered, once, and tested', () => {
  const files = readdirSync(join(folder, 'database')).filter((name) => name.startsWith('db-')).map((name) => name.replace('.ts', ''))
  expect(databaseRegistry.map(({ id }) => id).toSorted()).toEqual(files.toSorted())
  const tests = readFileSync(join(folder, 'database/audit-database.test.ts'), 'utf8')
  expect(files.filter((id) => !tests.includes(`'${id}'`))).toEqual([])
})

describe.each(databaseRegistry)('$id', ({ summary, why, fix, reference }) => {
  test('says in one line each what, why and how, and leads to a section', () => {
    expect(summary).toMatch(/^[^\n]{20,125}[^.\n]$/)
    for (const text of [why, fix]) expect(text).toMatch(/^[A-Za-z`"][^\n]{15,220}\.$/)
    const [file, anchor] = reference.split('#') as [string, string]
    expect(sectionOf(readFileSync(referencePath(file)!, 'utf8'), anchor)).toMatch(/^###? /)
  })
})

describe.each(registry)('$id', ({ id, summary, why, fix, reference }) => {
  test('is exported by the file of its name and has a test', async () => {
    expect((await import(/* @vite-ignore */ join(folder, `${id}.ts`))).rule.id).toBe(id)
    expect(existsSync(join(folder, `${id}.test.ts`))).toBe(true)
  })

  test('says in one line each what, why and how', () => {
    expect(summary).toMatch(/^[^\n]{20,125}[^.\n]$/)
    for (const text of [why, fix]) expect(text).toMatch(/^[A-Za-z`"][^\n]{15,220}\.$/)
  })

  test('leads to a section of a reference', () => {
    const [file, anchor] = reference.split('#') as [string, string]
    expect(sectionOf(readFileSync(referencePath(file)!, 'utf8'), anchor)).toMatch(/^###? /)
  })
})
