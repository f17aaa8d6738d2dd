import { join } from 'node:path'
import { oneOf, readArgs, wholeNumber, type Values } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { installedIn } from '../agents/command.ts'
import { agentFlags } from '../agents/flags.ts'
import { checkCredentials, readOptions } from '../agents/options.ts'
import { agentNames } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { print, readPrompts, readText, writeText } from '../files.ts'
import { defaultPaths, readLibrary, selectPrompts } from '../run-evals.ts'
import { readThresholds } from '../thresholds.ts'
import { agentProposer } from './agent.ts'
import { withDescription } from './description.ts'
import { lexicalProposer } from './lexical.ts'
import { optimize, type Optimization } from './optimize.ts'
import { agentScorer, lexicalScorer } from './score.ts'

const help = `Look for a better description: proposals from train failures, judged once on validation.

Usage: npm run evals -- optimize [options]

Options:
  --client NAME               lexical (default): a local search over words; claude-code, codex,
                              opencode, gemini: the model proposes and decides
  --write                     write a description that validation confirms into SKILL.md;
                              without it nothing is written
  --minimum N                 prompts of each symptom and side due in each split (default 3)
  --rounds N                  proposals to try (default 3)
  --skill DIR --triggers FILE --catalog DIR --thresholds FILE
                              as for a run
  --format pretty|json        how the result is printed (default pretty)
  --help                      this text
  --arm, --runs, --model, --concurrency, --timeout, --budget-usd, --records, --endpoint, --clients-dir
                              as for a run on one agent client and one arm (default crowded)

A gain counts when McNemar's exact test over the validation prompts says p ≤ 0.05 and neither recall nor false
loads became worse. Prompts of validation are never shown to what proposes.

Examples:
  npm run evals -- optimize
  npm run evals -- optimize --client claude-code --rounds 5 --budget-usd 30
  npm run evals -- optimize --write

Exit codes: 0 proposed or left alone, 2 could not run, or a degenerate split.
`

/** Run `evals optimize` with `args`; returns the exit code. Throws `UsageError`. */
export async function optimizeCommand(args: string[]): Promise<number> {
  const { shard: _, replay: __, ...agentOptions } = agentFlags
  const { values, positionals } = readArgs(args, {
    client: { type: 'string' }, triggers: { type: 'string' }, skill: { type: 'string' }, catalog: { type: 'string' },
    thresholds: { type: 'string' }, format: { type: 'string' }, minimum: { type: 'string' }, rounds: { type: 'string' },
    write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }, ...agentOptions,
  })
  if (values.help) return print(help)
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option; see --help`)
  const empty = Object.keys(values).find((name) => values[name] === '')
  if (empty) throw new UsageError(`--${empty} needs a value; see --help`)
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', ['pretty', 'json'] as const)
  const client = oneOf('client', (values.client as string | undefined) ?? 'lexical', ['lexical', ...agentNames] as const)
  const paths = defaultPaths(values as Record<string, string>)
  const library = readLibrary(paths.skill, paths.catalog)
  const { prompts } = selectPrompts(readPrompts(paths.triggers, library.skill.name), library, 'all')
  const parts = client === 'lexical'
    ? lexical(paths.thresholds)
    : await agent(paths)
  const result = await optimize({
    skill: library.skill, prompts, file: paths.triggers, minimum: wholeNumber('minimum', values, 999) ?? 3, rounds: wholeNumber('rounds', values, 999) ?? 3,
    ...parts, onStep: (what) => process.stderr.write(`${what}\n`),
  })
  print(format === 'json' ? `${JSON.stringify(result, null, 2)}\n` : pretty(result))
  if (values.write && result.outcome === 'improved') {
    const path = join(paths.skill, 'SKILL.md')
    writeText(path, withDescription(path, readText(path), result.after!))
    process.stderr.write(`written to ${path}\n`)
  }
  return 0

  function lexical(thresholds: string) {
    const foreign = Object.keys(agentOptions).find((name) => values[name] !== undefined)
    if (foreign) throw new UsageError(`--${foreign} is for the agent clients; add --client claude-code, codex, opencode or gemini`)
    const { settings } = readThresholds(thresholds).lexical
    const train = prompts.filter(({ split }) => split === 'train')
    return { score: lexicalScorer(library, prompts, settings), propose: lexicalProposer(library, train, settings.minimumScore) }
  }

  async function agent({ skill, triggers, catalog, thresholds }: typeof paths) {
    const { run, clientsDir } = readOptions(['--client', client, '--arm', 'crowded', ...forward(values, Object.keys(agentOptions))])
    if (run.arms.length > 1) throw new UsageError('--arm: one arm is due, isolated or crowded')
    if (!run.endpoint) checkCredentials(run.clients)
    const installed = await installedIn(clientsDir)
    const options = { ...run, skill, triggers, catalog, thresholds, installed: async () => installed }
    const onCost = (dollars: number) => {
      if (options.budget === undefined) return
      options.budget -= dollars
      if (options.budget <= 0) throw new UsageError('the budget is used up; nothing was changed, the records are kept')
    }
    return {
      score: agentScorer(skill, options, onCost),
      propose: agentProposer({ client: agents[run.clients[0]!], installed, timeout: run.timeout, onCost, ...(run.model && { model: run.model }), ...(run.endpoint && { endpoint: run.endpoint }) }),
    }
  }
}

function pretty({ outcome, reason, before, after, train, tried }: Optimization): string {
  return [
    `train: ${train.before} of ${train.prompts} prompts right before, ${train.after} with the best of ${tried.length - 1} proposals`,
    ...(after === undefined ? [] : ['', `before: ${before}`, `${outcome === 'improved' ? 'better' : 'not better'}: ${after}`]),
    '', `${outcome}: ${reason}`, '',
  ].join('\n')
}

function forward(values: Values, names: string[]): string[] {
  return names.flatMap((name) => (values[name] === undefined ? [] : values[name] === true ? [`--${name}`] : [`--${name}`, String(values[name])]))
}
