import { join } from 'node:path'
import type { Prompt } from '../../../scripts/core/triggers.ts'
import { openRecords, type AgentRecord } from '../../agents/records.ts'
import { runAgents, type AgentOutcome } from '../../agents/run.ts'
import type { AgentName } from '../../clients/agent.ts'
import { writeText } from '../../files.ts'

export const ours = 'backend-design'

/** What a made-up run does: the skill that loads and the references it reads, or how it fails. */
export type Deed = { loads: string | null; reads?: string[] } | { fails: 'timeout' | 'rate-limit' }

interface SampleOptions {
  prompts: Prompt[]
  clients: AgentName[]
  runs: number
  does(prompt: Prompt, at: { client: AgentName; arm: 'isolated' | 'crowded'; run: number }): Deed
}

/** A result graded from records that are written into `folder` by hand, as clients would have printed them. */
export function sample(folder: string, { prompts, clients, runs, does }: SampleOptions): Promise<AgentOutcome> {
  const triggers = join(folder, 'triggers.json')
  writeText(triggers, JSON.stringify(prompts))
  const records = openRecords(join(folder, 'records'))
  let count = 0
  for (const prompt of [control, ...prompts]) {
    for (const client of clients) {
      for (const arm of ['isolated', 'crowded'] as const) {
        for (let run = 1; run <= runs; run++) {
          const deed = prompt === control ? { loads: ours } : does(prompt, { client, arm, run })
          records.write(recordOf(`k${++count}`, prompt, client, arm, run, deed))
        }
      }
    }
  }
  const never = () => Promise.reject(new Error('a replay starts nothing'))
  return runAgents({
    triggers, clients, arms: ['isolated', 'crowded'], runs, concurrency: 1, timeout: 1, records: records.folder, replay: true, installed: never,
  })
}

const control = { id: 'positive-control', query: 'the control' } as Prompt
const project = '/made/up/project'

function recordOf(
  key: string, prompt: Prompt, client: AgentName, arm: 'isolated' | 'crowded', run: number, deed: Deed,
): AgentRecord {
  const skills = [ours, 'debugger', 'frontend-design'].map((name) => ({
    name, folder: `${project}/skills/${name}`, files: ['SKILL.md', ...(name === ours ? references : [])],
  }))
  const failed = 'fails' in deed
  return {
    version: 1, key, client, clientVersion: '1.0.0', model: null, arm, promptId: prompt.id, query: prompt.query, run, library: 'made-up', project, skills,
    lines: failed ? [] : transcript(client, deed), stderr: '', ended: failed ? 'failed' : 'answered',
    ...(failed && { failure: { kind: deed.fails, message: `no answer <b>${deed.fails}</b>` } }), duration: 2000 + run * 300 + prompt.query.length,
  }
}

const references = ['api-patterns.md', 'infrastructure.md', 'database-design.md', 'runbooks.md'].map((name) => `references/${name}`)

function transcript(client: AgentName, { loads, reads = [] }: Extract<Deed, { loads: string | null }>): string[] {
  const paths = reads.map((name) => `${project}/skills/${ours}/references/${name}`)
  const events = client === 'codex' ? codexEvents(loads, paths) : claudeEvents(loads, paths)
  return events.map((event) => JSON.stringify(event))
}

function claudeEvents(loads: string | null, paths: string[]): unknown[] {
  const uses = [
    ...(loads === null ? [] : [{ name: 'Skill', input: { skill: loads } }]),
    ...paths.map((file_path) => ({ name: 'Read', input: { file_path } })),
  ]
  return [
    { type: 'system', subtype: 'init', tools: ['Skill', 'Read', 'Bash'] },
    ...uses.flatMap((use, index) => [
      { type: 'assistant', message: { content: [{ type: 'tool_use', id: `t${index}`, ...use }] } },
      { type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: `t${index}`, content: 'text '.repeat(200) }] } },
    ]),
    { type: 'assistant', message: { content: [{ type: 'text', text: 'The handler answers before it stores. </script><img src=x onerror="window.hacked = true">' }] } },
    { type: 'result', is_error: false, result: 'done', total_cost_usd: 0.0123, usage: { input_tokens: 9000, output_tokens: 300 } },
  ]
}

function codexEvents(loads: string | null, paths: string[]): unknown[] {
  const commands = [...(loads === null ? [] : [`${project}/skills/${loads}/SKILL.md`]), ...paths].map((path) => `cat ${path}`)
  return [
    ...commands.flatMap((command, index) => [
      { type: 'item.started', item: { type: 'command_execution', id: `i${index}`, command } },
      { type: 'item.completed', item: { type: 'command_execution', id: `i${index}`, command, exit_code: 0 } },
    ]),
    { type: 'item.completed', item: { type: 'agent_message', text: 'Stored first, answered after.' } },
    { type: 'turn.completed', usage: { input_tokens: 7000, output_tokens: 250 } },
  ]
}
