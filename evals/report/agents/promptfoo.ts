import { stringify } from 'yaml'
import { UsageError } from '../../../scripts/core/config.ts'
import type { Prompt } from '../../../scripts/core/triggers.ts'
import type { AgentName } from '../../clients/agent.ts'

/**
 * The clients whose skill loads promptfoo sees, as its providers. The folder is the reader's own, with the skills
 * installed for that client.
 */
const providers: Partial<Record<AgentName, object>> = {
  'claude-code': {
    id: 'anthropic:claude-agent-sdk',
    config: { working_dir: './project', setting_sources: ['project'], append_allowed_tools: ['Skill', 'Read', 'Grep', 'Glob', 'Bash'] },
  },
  codex: { id: 'openai:codex-sdk', config: { working_dir: './project', skip_git_repo_check: true, enable_streaming: true } },
}

/** The prompts as a promptfoo configuration: `skill-used` for positives, `not-skill-used` for negatives. Throws `UsageError`. */
export function promptfoo(prompts: Prompt[], skill: string, clients: AgentName[]): string {
  const unseen = clients.find((client) => !providers[client])
  if (unseen) throw new UsageError(`promptfoo does not see which skill ${unseen} loads; choose --client ${Object.keys(providers).join(',')}`)
  return stringify({
    description: `Whether ${skill} loads for the prompts it is for, and not for others`,
    prompts: ['{{request}}'],
    providers: clients.map((client) => providers[client]),
    tests: prompts.map(({ id, query, should_trigger, symptom, split }) => ({
      description: id,
      // Without it {{ in a prompt would be a template.
      vars: { request: query.includes('{{') || query.includes('{%') ? `{% raw %}${query}{% endraw %}` : query },
      metadata: { split, ...(symptom !== null && { symptom }) },
      assert: [{ type: should_trigger ? 'skill-used' : 'not-skill-used', value: skill }],
    })),
  }, { lineWidth: 0 })
}
