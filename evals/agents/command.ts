import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readArgs } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { installClients } from '../clients/install.ts'
import { print } from '../files.ts'
import { progressBar } from '../progress.ts'
import { checkCredentials, readOptions, type AgentCommand } from './options.ts'
import { mergeRecords } from './records.ts'
import { resultJsonSchema } from './result.ts'
import { runAgents, type AgentOutcome } from './run.ts'

/** Run evals on agent clients with `args`; returns the exit code. Throws `UsageError`. */
export async function agentsCommand(args: string[], help: string): Promise<number> {
  const command = readOptions(args)
  if (command.help) return print(help)
  if (command.writeSchema) return print(resultJsonSchema(), command.output ?? `${import.meta.dirname}/result.schema.json`)
  if (command.format === 'promptfoo' || command.format === 'plugin-eval')
    return (await import('../report/agents/cases.ts')).writeCases(command.format, command)
  const { run } = command
  if (!run.replay && !run.endpoint) checkCredentials(run.clients)
  const interrupt = watchInterrupt()
  const bar = await progressBar(process.stderr, Date.now, 'runs')
  try {
    const outcome = await runAgents({ ...run, installed: () => installedIn(command.clientsDir), signal: interrupt.signal, onProgress: bar.update })
    bar.stop()
    if (interrupt.signal.aborted) return stopped(outcome)
    const text = await render(command, outcome)
    print(text.endsWith('\n') ? text : `${text}\n`, command.output)
    return outcome.result.verdict === 'PASS' ? 0 : 1
  } finally {
    bar.stop()
    interrupt.end()
  }
}

/** Run `evals merge DIR… --output DIR`: bring the records of several machines into one folder. Throws `UsageError`. */
export async function mergeCommand(args: string[], help: string): Promise<number> {
  const { values, positionals } = readArgs(args, { output: { type: 'string' }, help: { type: 'boolean', short: 'h' } })
  if (values.help) return print(help)
  if (positionals.length === 0) throw new UsageError('merge: name the folders of records; see --help')
  const target = values.output as string | undefined
  if (!target) throw new UsageError('merge: --output DIR is due, the folder that gets all records')
  const { added, equal } = mergeRecords(positionals, target)
  return print(`${added} records added to ${target}${equal > 0 ? `, ${equal} were there already` : ''}\n`)
}

async function render({ format, verbose, output }: AgentCommand, { result, records }: AgentOutcome): Promise<string> {
  switch (format) {
    case 'json':
      return JSON.stringify(result, null, 2)
    case 'junit':
      return (await import('../report/agents/junit.ts')).junit(result)
    case 'github':
      return (await import('../report/agents/github.ts')).github(result)
    case 'skill-creator':
      return (await import('../report/agents/skill-creator.ts')).skillCreator(result)
    case 'html':
      return (await import('../report/html/index.ts')).html(result, records)
    default: {
      const { usesColor } = await import('../../scripts/core/reporters/pretty.ts')
      return (await import('../report/agents/terminal.ts')).terminal(result, { verbose, color: output === undefined && usesColor() })
    }
  }
}

/** Folder of the installed clients: `folder`, or the own one, filled on first use. Throws `UsageError`. */
export async function installedIn(folder: string | undefined): Promise<string> {
  if (folder === undefined) return installClients(() => process.stderr.write('installing the agent clients once, about 1.3 GB\n'))
  if (!existsSync(folder)) throw new UsageError(`--clients-dir ${folder}: does not exist; name the folder that holds node_modules`)
  return resolve(folder)
}

/** The first Ctrl-C ends the clients and keeps what is recorded; a second one ends at once. */
function watchInterrupt(): { signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('stopping the clients; once more ends at once\n')
    controller.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  return {
    signal: controller.signal,
    end: () => (['SIGINT', 'SIGTERM'] as const).forEach((name) => process.off(name, stop)),
  }
}

function stopped({ rows, records }: AgentOutcome): number {
  const done = rows.filter(({ failure }) => failure?.kind !== 'missing').length
  process.stderr.write(`stopped after ${done} of ${rows.length} runs; they are kept in ${records.folder}, the same command goes on from there\n`)
  return 130
}
