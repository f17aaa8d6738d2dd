import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderWith, skillMd } from '../../scripts/core/testing.ts'
import type { Prompt } from '../../scripts/core/triggers.ts'
import { negativeOf, promptOf } from '../testing.ts'
import type { AgentRunOptions } from './run.ts'

/** What the fake client prints for prompts that hold `when`; the first that fits answers. */
export interface FakeAnswer {
  when: string
  /** Lines of stream-json; `@PROJECT@` stands for the folder of the run. */
  lines: object[]
  /** Seconds before the last line. */
  pause?: number
}

/** Lines of Claude Code's stream-json. */
export const say = {
  init: { type: 'system', subtype: 'init' },
  skill: (skill: string, id = 's') => ({ type: 'assistant', message: { content: [{ type: 'tool_use', id, name: 'Skill', input: { skill } }] } }),
  read: (file_path: string, id = 'r') => ({ type: 'assistant', message: { content: [{ type: 'tool_use', id, name: 'Read', input: { file_path } }] } }),
  shell: (command: string, id = 'b') => ({ type: 'assistant', message: { content: [{ type: 'tool_use', id, name: 'Bash', input: { command } }] } }),
  result: (id: string, is_error = false) => ({ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: id, is_error }] } }),
  done: { type: 'result', is_error: false, result: 'ok', total_cost_usd: 0.25, usage: { input_tokens: 100, cache_read_input_tokens: 20, output_tokens: 7 } },
  error: (status: number, text: string) => ({ type: 'result', is_error: true, api_error_status: status, result: text, usage: {} }),
}

/** The answer that the positive control asks for. */
export const controlAnswer: FakeAnswer = { when: 'Use the skill ours', lines: [say.init, say.skill('ours'), say.result('s'), say.done] }

/**
 * A folder of installed clients with a stand-in for Claude Code that answers at once, and how often it was started.
 * Prompts that no answer fits load nothing.
 */
export function fakeClients(answers: FakeAnswer[], version = '1.0.0'): { folder: string; launches(): string[] } {
  const binary = `node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`
  const otherwise: FakeAnswer = { when: '', lines: [say.init, say.done] }
  const all = [...answers, otherwise]
  const folder = folderWith({
    'node_modules/@anthropic-ai/claude-code/package.json': JSON.stringify({ version }),
    ...Object.fromEntries(all.map(({ lines }, index) => [`answers/${index}`, lines.map((line) => `${JSON.stringify(line)}\n`).join('')])),
    [binary]: `#!/bin/sh
folder=$(cd "$(dirname "$0")/../../.." && pwd)
printf '%s\\n' "$2" >> "$folder/launches"
case "$2" in
${all.map(({ when, pause }, index) => `  *'${when}'*) n=${index}; pause=${pause ?? 0} ;;`).join('\n')}
esac
sed "s#@PROJECT@#$PWD#; \\$d" "$folder/answers/$n"
[ "$pause" = 0 ] || sleep "$pause"
sed -n "s#@PROJECT@#$PWD#; \\$p" "$folder/answers/$n"
`,
  })
  chmodSync(join(folder, binary), 0o755)
  return {
    folder,
    launches: () => (existsSync(join(folder, 'launches')) ? readFileSync(join(folder, 'launches'), 'utf8').trimEnd().split('\n') : []),
  }
}

/** A skill called `ours` with one reference, a neighbour called `other`, and four prompts, as files. */
export function smallSuite(prompts: Prompt[] = smallPrompts): Required<Pick<AgentRunOptions, 'skill' | 'catalog' | 'triggers'>> & { root: string } {
  const root = folderWith({
    'ours/SKILL.md': skillMd('# Ours\n\n| Open when | Read |\n| --- | --- |\n| **Jobs** | [jobs](references/jobs.md) |\n', 'name: ours\ndescription: Jobs and queues of a backend.'),
    'ours/references/jobs.md': '# Jobs\n',
    'ours/references/other-page.md': '# Other\n',
    'catalog/other/SKILL.md': skillMd('# Other', 'name: other\ndescription: Pages and buttons.'),
    'triggers.json': JSON.stringify(prompts),
  })
  return { root, skill: join(root, 'ours'), catalog: join(root, 'catalog'), triggers: join(root, 'triggers.json') }
}

export const smallPrompts: Prompt[] = [
  promptOf({ id: 'job-lost', query: 'my job is lost', references: { required: ['jobs.md'], acceptable: [] } }),
  promptOf({ id: 'queue-full', query: 'the queue is full', split: 'validation' }),
  negativeOf('other', { id: 'button-blue', query: 'make the button blue' }),
  negativeOf(null, { id: 'poem', query: 'write a poem', split: 'validation' }),
]
