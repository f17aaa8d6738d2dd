import { existsSync } from 'node:fs'
import { oneOf, readArgs, type Values } from '../scripts/core/args.ts'
import { UsageError } from '../scripts/core/config.ts'
import { agentFlags } from './agents/flags.ts'
import { triggerFormats, triggersSchema, writePrompts } from './convert.ts'
import { print, readPrompts, readSkill } from './files.ts'
import { progressBar } from './progress.ts'
import {
  clientNames,
  defaultPaths,
  readLibrary,
  runEvals,
  selectPrompts,
  splits,
  type EvalOptions,
  type EvalResult,
} from './run-evals.ts'

const formats = ['pretty', 'json', 'junit'] as const

const help = `Ask a client which skill loads for each prompt and which references it reads.

Usage: npm run evals -- [options]
       npm run evals -- merge DIR… --output DIR    records of several machines into one folder
       npm run evals -- compare A B       what changed from one result to another, prompt by prompt
       npm run evals -- optimize [--write]    look for a better description
       npm run evals -- tasks --help      broken backends, and graders that run the result

Options:
  --client NAME[,NAME…]           what decides: claude-code, codex, opencode, gemini run the
                                  real clients; lexical (default) is BM25 over names and
                                  descriptions, offline: a proxy that catches lost
                                  vocabulary, not a model
  --triggers FILE                 prompts (default evals/triggers.json); the plain
                                  [{query, should_trigger}] is read too
  --skill DIR                     the skill under test (default this bundle)
  --catalog DIR                   folder of skills beside it (default evals/catalog)
  --split train|validation|all    which prompts (default all)
  --thresholds FILE               what must hold (default evals/thresholds.json)
  --format pretty|json|junit      how the result is printed (default pretty)
  --output FILE                   write the result there, not to standard output
  --verbose                       list every miss with the words that decided it
  --calibrate                     tune the minimum score on train, set every threshold
                                  a little below the measured value, write the file
  --convert plain|full            print the prompts in the other format and stop
  --write-schema                  write evals/triggers.schema.json and stop; with an agent
                                  client evals/agents/result.schema.json
  --help                          this text

Options of the agent clients, installed on first use (1.3 GB) and run in folders of their own:
  --arm isolated,crowded          the skill alone, among the catalog (default both)
  --runs N                        runs of each prompt (default 3)
  --model NAME                    model to ask for (default the client's own)
  --concurrency N                 runs at once (default 2)
  --timeout S                     seconds for one run (default 300); a run without an answer
                                  counts neither for nor against
  --budget-usd X                  start nothing once the clients told of so much; Claude Code
                                  and OpenCode tell
  --shard I/N                     only this part of the prompts, for machines that share
  --records DIR                   transcripts, one file a run (default results/agents;
                                  also --record). A run that is there is not run again, so
                                  the same command goes on after a stop (--resume says so)
  --replay                        grade the transcripts again and run nothing
  --endpoint URL                  model server instead of the vendor's, without a key
  --clients-dir DIR               your own installation: the folder with node_modules
  --format …|github|html|skill-creator
                                  Markdown for a job summary, one HTML file, what
                                  skill-creator's run_eval.py prints
  --format promptfoo|plugin-eval  the prompts as promptfoo configuration, or as cases of
                                  claude plugin eval (--output DIR); nothing is run

Examples:
  npm run evals                                  the whole run
  npm run evals -- --split train --verbose       what to improve in a description
  npm run evals -- --format junit --output results/evals.xml
  npm run evals -- --convert plain --output eval_queries.json
  npm run evals -- --skill ../my-skill --triggers ../my-skill/eval_queries.json
  npm run evals -- --client claude-code,codex --split validation --budget-usd 20
  npm run evals -- --client claude-code --replay --format html --output results/evals.html
  npm run evals -- merge shard-1 shard-2 --output results/agents

Exit codes: 0 thresholds met, 1 not met or undecided, 2 could not run, 130 stopped.
`

/** Run the command with `args`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[]): Promise<number> {
  if (args[0] === 'tasks') return (await import('./outcome/command.ts')).tasks(args.slice(1))
  if (args[0] === 'compare') return (await import('./compare/command.ts')).compareCommand(args.slice(1))
  if (args[0] === 'optimize') return (await import('./optimize/command.ts')).optimizeCommand(args.slice(1))
  if (args[0] === 'merge') return (await import('./agents/command.ts')).mergeCommand(args.slice(1), help)
  if (asksAgents(args)) return (await import('./agents/command.ts')).agentsCommand(args, help)
  const { values, positionals } = readArgs(args, {
    client: { type: 'string' },
    triggers: { type: 'string' },
    skill: { type: 'string' },
    catalog: { type: 'string' },
    split: { type: 'string' },
    thresholds: { type: 'string' },
    format: { type: 'string' },
    output: { type: 'string' },
    verbose: { type: 'boolean' },
    calibrate: { type: 'boolean' },
    convert: { type: 'string' },
    'write-schema': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    ...agentFlags,
  })
  const agentFlag = Object.keys(agentFlags).find((name) => values[name] !== undefined)
  if (agentFlag) throw new UsageError(`--${agentFlag} is for the agent clients; add --client claude-code, codex, opencode or gemini`)
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option; see --help`)
  const empty = Object.keys(values).find((name) => values[name] === '')
  if (empty) throw new UsageError(`--${empty} needs a value; see --help`)
  if (values.help) return print(help)
  const options = readOptions(values)
  const output = values.output as string | undefined
  if (values['write-schema']) return print(triggersSchema(), output ?? `${import.meta.dirname}/triggers.schema.json`)
  if (values.convert) return convert(options, oneOf('convert', values.convert as string, triggerFormats), output)
  if (values.calibrate) await writeThresholds(options)
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', formats)
  const bar = await progressBar()
  const result = await runEvals({ ...options, onProgress: bar.update }).finally(bar.stop)
  print(`${await render(format, result, values.verbose === true, output === undefined)}\n`, output)
  return result.verdict === 'pass' ? 0 : 1
}

/** Whether the arguments name a client other than the lexical one, or a format that only agents have. */
function asksAgents(args: string[]): boolean {
  const valueOf = (name: string) => {
    const at = args.findLastIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
    return at === -1 ? undefined : (/=(.*)$/s.exec(args[at]!)?.[1] ?? args[at + 1])
  }
  return (valueOf('client') ?? 'lexical') !== 'lexical' || ['promptfoo', 'plugin-eval', 'github', 'html', 'skill-creator'].includes(valueOf('format') ?? '')
}

function readOptions(values: Values): EvalOptions {
  return {
    client: oneOf('client', (values.client as string | undefined) ?? 'lexical', clientNames),
    split: oneOf('split', (values.split as string | undefined) ?? 'all', splits),
    ...Object.fromEntries(
      ['triggers', 'skill', 'catalog', 'thresholds'].filter((name) => values[name]).map((name) => [name, values[name]]),
    ),
  }
}

async function render(
  format: (typeof formats)[number],
  result: EvalResult,
  verbose: boolean,
  toScreen: boolean,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('./report/json.ts')).json(result)
    case 'junit':
      return (await import('./report/junit.ts')).junit(result)
    case 'pretty': {
      const { usesColor } = await import('../scripts/core/reporters/pretty.ts')
      return (await import('./report/terminal.ts')).terminal(result, { verbose, color: toScreen && usesColor() })
    }
  }
}

function convert(options: EvalOptions, format: (typeof triggerFormats)[number], output: string | undefined): number {
  const { triggers, skill } = defaultPaths(options)
  return print(writePrompts(readPrompts(triggers, readSkill(skill).name), format), output)
}

async function writeThresholds(options: EvalOptions): Promise<void> {
  const { calibrate, defaultSettings } = await import('./calibrate.ts')
  const { readThresholds } = await import('./thresholds.ts')
  const foreign = (['skill', 'triggers', 'catalog'] as const).find((name) => options[name] !== undefined)
  if (foreign && !options.thresholds) throw new UsageError(`--calibrate with --${foreign} needs --thresholds FILE`)
  const paths = defaultPaths(options)
  const library = readLibrary(paths.skill, paths.catalog)
  const { prompts } = selectPrompts(readPrompts(paths.triggers, library.skill.name), library, 'all')
  const before = existsSync(paths.thresholds) ? readThresholds(paths.thresholds) : undefined
  const written = await calibrate(library, prompts, before?.lexical.settings ?? defaultSettings)
  const agents = before?.agents ?? readThresholds(defaultPaths({}).thresholds).agents
  print(`${JSON.stringify({ ...written, agents }, null, 2)}\n`, paths.thresholds)
}
