import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prompt } from '../../scripts/core/triggers.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { runAgents, type AgentRunOptions } from '../agents/run.ts'
import { shippedSkill } from '../clients/install-skills.ts'
import type { Library } from '../clients/client.ts'
import { lexicalClient } from '../clients/lexical.ts'
import { ofAgents, type Side } from '../compare/side.ts'
import { readText } from '../files.ts'
import { ask } from '../run-evals.ts'
import { isAnswered } from '../score.ts'
import type { LexicalSettings } from '../thresholds.ts'
import { withDescription } from './description.ts'

export type Scorer = (description: string, split: Prompt['split']) => Promise<Side>

/** Scores descriptions with the lexical client. */
export function lexicalScorer(library: Library, prompts: Prompt[], settings: LexicalSettings): Scorer {
  const { skill } = library
  return async (description, split) => {
    const client = lexicalClient({ ...library, skill: { ...skill, description } }, settings)
    const rows = await ask(client, prompts.filter((prompt) => prompt.split === split))
    return {
      label: description, skill: skill.name, notes: [],
      prompts: new Map(rows.map(({ prompt }) => [prompt.id, prompt])),
      groups: [{
        client: client.name, model: null, arm: 'crowded', control: true,
        runs: new Map(rows.map((row) => [row.prompt.id, [isAnswered(row) ? (row.loaded ?? '') : null]])),
      }],
    }
  }
}

/** Scores descriptions on an agent client, each in a copy of the skill; `onCost` hears the US dollars. Throws `UsageError`. */
export function agentScorer(folder: string, options: AgentRunOptions, onCost: (dollars: number) => void): Scorer {
  return async (description, split) => {
    const copy = mkdtempSync(join(tmpdir(), 'describe-'))
    try {
      for (const file of shippedSkill(folder).files) cpSync(join(folder, file), join(copy, file))
      const path = join(copy, 'SKILL.md')
      writeFileSync(path, withDescription(join(folder, 'SKILL.md'), readText(path), description))
      const { result, execution } = await runAgents({ ...options, skill: copy, split })
      onCost(execution?.spent ?? 0)
      if (execution?.halted) throw new UsageError(`stopped before all runs were made (${execution.halted}); nothing was changed, the same command goes on from the records in ${options.records}`)
      return ofAgents(description, result)
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  }
}
