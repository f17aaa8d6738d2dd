import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildAudit } from './build.ts'

const committed = readFileSync(join(import.meta.dirname, '../../audit.mjs'), 'utf8')

test('scripts/audit.mjs is what the sources build; if not: npm run build:audit', async () => {
  expect((await buildAudit()) === committed).toBe(true)
})

test('it names the packages that it holds and needs none', () => {
  expect(committed).toMatch(/^\/\/ Contains @babel\/parser [\d.]+ \(MIT\), .*libpg-query [\d.]+ \(MIT\)/m)
  expect(committed).not.toMatch(/\bfrom\s*"(?!node:)(?:fs|path|[@a-z][\w/@-]*)"/)
})
