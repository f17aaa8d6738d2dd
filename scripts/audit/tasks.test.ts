import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../core/testing.ts'
import { audit } from './engine/run.ts'

const tasks = join(import.meta.dirname, '../../evals/tasks')

/** What each broken backend of the evals must trip; tasks whose defect no rule can see are not listed. */
test.each([
  ['leads-slow', 'fk-without-index', 'server/schema.ts'],
  ['provider-hangs', 'outbound-without-timeout', 'server/messages.ts'],
  ['router-any', 'unvalidated-input', 'server/routers/leads.ts'],
  ['stream-drops', 'sse-idle-timeout', 'server/events.ts'],
  ['stream-drops', 'sse-without-abort', 'server/events.ts'],
  ['tenant-mixup', 'session-state-on-pooled', 'server/tenant.ts'],
  ['turbo-broken', 'package-cycle', 'apps/api/package.json'],
  ['turbo-broken', 'turbo-pipeline', 'turbo.json'],
  ['webhook-lost', 'in-memory-queue', 'server/webhooks.ts'],
  ['webhook-lost', 'webhook-fails-open', 'server/webhooks.ts'],
])('%s trips %s in %s', async (task, rule, path) => {
  const root = folderWith({})
  cpSync(join(tasks, '_base'), root, { recursive: true })
  cpSync(join(tasks, task, 'broken'), root, { recursive: true })
  expect(existsSync(join(root, path))).toBe(true)
  const { files } = await audit(root, { rules: {}, ignore: [] }, [rule])
  expect(files.filter((file) => file.path.endsWith(path))).toHaveLength(1)
})
