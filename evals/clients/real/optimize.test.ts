import { expect, it } from 'vitest'
import type { Prompt } from '../../../scripts/core/triggers.ts'
import { agentProposer } from '../../optimize/agent.ts'
import { optimize } from '../../optimize/optimize.ts'
import { lexicalScorer } from '../../optimize/score.ts'
import { startStubModel } from '../../stub/server.ts'
import { negativeOf, promptOf } from '../../testing.ts'
import { agents } from '../clients.ts'
import { installClients } from '../install.ts'

const catalog = [{ name: 'other', description: 'Pages and buttons.' }]
const prompts: Prompt[] = (['train', 'validation'] as const).flatMap((split) => [
  ...Array.from({ length: 8 }, (_, at) => promptOf({ id: `${split}-w${at}`, query: `webhook ${split} case${at}`, split })),
  ...Array.from({ length: 8 }, (_, at) => negativeOf('other', { id: `${split}-n${at}`, query: `buttons ${split} thing${at}`, split })),
])

it('takes the description that the model of a client proposes, from train failures alone', async () => {
  const model = await startStubModel(() => ({ text: 'Here it is: <description>Backends, webhook.</description>' }))
  const skill = { name: 'ours', description: 'Backends.' }
  try {
    const result = await optimize({
      skill, prompts, file: 't.json', minimum: 3, rounds: 1,
      score: lexicalScorer({ skill, catalog, routes: [] }, prompts, { minimumScore: 0.5, rowMargin: 0.8 }),
      propose: agentProposer({ client: agents['claude-code'], installed: await installClients(), timeout: 60_000, endpoint: model.url }),
    })
    expect(result).toMatchObject({ outcome: 'improved', after: 'Backends, webhook.', validation: { gained: 8, lost: 0 } })
    const shown = [...model.turns, ...model.sideQuestions].map(({ text }) => text).join('\n')
    expect(shown).toContain('webhook train case0')
    for (const { query } of prompts.filter(({ split }) => split === 'validation')) expect(shown).not.toContain(query)
  } finally {
    await model.stop()
  }
})

it('says why when the client cannot answer', async () => {
  const model = await startStubModel(() => ({ status: 401, message: 'invalid api key' }))
  const propose = agentProposer({ client: agents['claude-code'], installed: await installClients(), timeout: 60_000, endpoint: model.url })
  const question = { skill: { name: 'ours', description: 'Backends.' }, failures: [], tried: [] }
  await expect(propose(question).finally(() => model.stop())).rejects.toThrow(/claude-code could not propose a description \(auth: /)
})
