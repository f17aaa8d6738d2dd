import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Server } from '../../../scripts/core/postgres.ts'
import { startDatabases, scoreOf } from '../../outcome/grade.ts'
import { readTask } from '../../outcome/task.ts'
import { runTrial } from '../../outcome/trial.ts'
import { startStubModel } from '../../stub/server.ts'
import { agents } from '../clients.ts'
import { installClients } from '../install.ts'
import { calls } from './workshop.ts'

const repository = resolve(import.meta.dirname, '../../..')
const client = agents['claude-code']
let server: Server
beforeAll(async () => void (server = await startDatabases()), 60_000)
afterAll(() => server?.stop())

it('grades what a client leaves behind, with the bundle in its project and without', async () => {
  const task = await readTask('add-required-phone')
  const solve = { calls: [calls['claude-code'].shell(`cp -R ${join(task.folder, 'full')}/. .`)] }
  const scores: Record<string, number> = {}
  for (const arm of ['with', 'without'] as const) {
    const model = await startStubModel(arm === 'with' ? [solve, { text: 'Done.' }] : [{ text: 'It looks fine to me.' }])
    const options = { client, installed: await installClients(), skill: repository, server, timeout: 60_000, endpoint: model.url }
    const trial = await runTrial(task, arm, 0, 1, options).finally(() => model.stop())
    expect(trial.failure).toBeUndefined()
    expect(trial.tokens.input).toBeGreaterThan(0)
    expect(model.turns[0]!.text.includes('backend-design:')).toBe(arm === 'with')
    scores[arm] = scoreOf(trial.verdicts!)
  }
  expect(scores.with).toBe(1)
  expect(scores.without).toBeLessThan(0.5)
})

it('gives no verdict where the client failed', async () => {
  const model = await startStubModel(() => ({ status: 401, message: 'invalid api key' }))
  const task = await readTask('add-required-phone')
  const options = { client, installed: await installClients(), skill: repository, server, timeout: 60_000, endpoint: model.url }
  const trial = await runTrial(task, 'with', 1, 1, options).finally(() => model.stop())
  expect(trial).toMatchObject({ failure: { kind: 'auth' } })
  expect(trial.verdicts).toBeUndefined()
})
