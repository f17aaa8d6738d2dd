import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fencesOf } from '../core/fences.ts'
import { readDocument } from '../core/bundle.ts'
import { audit } from './engine/run.ts'
import { registry } from './registry.ts'
import { findingsOn } from './testing.ts'

const root = join(import.meta.dirname, '../..')
const bad = readdirSync(join(root, 'references')).flatMap((name) => fencesOf(readDocument(root, `references/${name}`, false))
  .filter(({ attributes }) => attributes.bad)
  .map(({ attributes, node }) => ({ name, rule: attributes.bad!, line: node.position!.start.line, code: node.value })))

test('the references hold anti-examples', () => expect(bad.length).toBeGreaterThan(1))

test.each(bad)('$name:$line is flagged by $rule', async ({ rule, code }) => {
  expect(registry.map(({ id }) => id)).toContain(rule)
  expect(await findingsOn({ id: rule }, { 'server/fence.ts': code })).not.toEqual([])
})

test('the backend that the references quote is clean', async () => {
  const result = await audit(join(root, 'examples/neondash'), { rules: {}, ignore: [] })
  expect(result.looked).toBeGreaterThan(60)
  expect(result.tables).toBeGreaterThan(8)
  expect(result.files.flatMap(({ path, messages }) => messages.filter(({ severity }) => severity !== 'info').map(({ line, ruleId, reason }) => `${path}:${line} ${ruleId} ${reason}`))).toEqual([])
})

