import { UsageError } from '../../../scripts/core/config.ts'
import type { AgentCommand, cases } from '../../agents/options.ts'
import { readPrompts, writeText } from '../../files.ts'
import { defaultPaths, readLibrary, selectPrompts } from '../../run-evals.ts'
import { writePluginEval } from './plugin-eval.ts'
import { promptfoo } from './promptfoo.ts'

/** Write the prompts for another runner; nothing is run. Throws `UsageError`. */
export function writeCases(format: (typeof cases)[number], { run, output }: Pick<AgentCommand, 'run' | 'output'>): 0 {
  const paths = defaultPaths(run)
  const library = readLibrary(paths.skill, paths.catalog)
  const { prompts } = selectPrompts(readPrompts(paths.triggers, library.skill.name), library, run.split ?? 'all')
  if (prompts.length === 0) throw new UsageError(`${paths.triggers}: no prompt is in the split "${run.split}"`)
  if (format === 'plugin-eval') {
    const count = writePluginEval(prompts, library.skill.name, run.runs ?? 3, output!)
    process.stderr.write(`${count} cases written to ${output}\n`)
    return 0
  }
  const text = promptfoo(prompts, library.skill.name, run.clients)
  if (output === undefined) process.stdout.write(text)
  else {
    writeText(output, text)
    process.stderr.write(`written to ${output}\n`)
  }
  return 0
}
