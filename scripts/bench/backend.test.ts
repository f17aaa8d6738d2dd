import { expect, test } from 'vitest'
import { audit } from '../audit/engine/run.ts'
import { folderWith } from '../core/testing.ts'
import { writeBackend } from './backend.ts'

test('a generated backend parses, and trips what was planted and nothing else', async () => {
  const root = folderWith({})
  expect(writeBackend(root, 250).files).toBe(251)
  const { files, looked, tables } = await audit(root, { rules: {}, ignore: [] })
  expect([looked, tables]).toEqual([252, 51])
  const count: Record<string, number> = {}
  for (const { messages } of files) for (const { ruleId } of messages) count[ruleId!] = (count[ruleId!] ?? 0) + 1
  expect(count).toEqual({ 'fk-without-index': 2, 'log-without-correlation': 2, 'outbound-without-timeout': 2 })
})
