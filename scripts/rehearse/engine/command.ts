import { closest } from 'fastest-levenshtein'
import { oneOf, readArgs } from '../../core/args.ts'
import { UsageError } from '../../core/usage-error.ts'
import { rehearsals } from '../registry.ts'
import { readGuide } from './guide.ts'
import type { Outcome, Rehearsal } from './rehearsal.ts'
import { jsonReport, prettyReport } from './report.ts'
import { rehearse } from './run.ts'
import { openStage } from './stage.ts'

const help = `Rehearse the runbooks: break the example, follow the blocks of references/runbooks.md word for word, see it mended.

Usage: npm run rehearse -- [options] [NAME…]

NAME is the anchor of a runbook; without one, all are rehearsed.

Options:
  --list                 the names, and what each one breaks
  --format pretty|json   how to report (default pretty)
  --jobs N               rehearsals at a time (default 2)
  --help                 this text

Examples:
  npm run rehearse -- redis-down
  npm run rehearse -- lock-pile-up slow-query --format json

Each rehearsal has a migrated database of its own on one PostgreSQL 18, and instances of the example in processes
of their own. "detect" is the time from the fault until the first block of the runbook says yes, "recover" that
from the first step until it says no and a real request works. Exit codes: 0 all recovered, 1 one did not,
2 could not run.
`

/** The command with its arguments; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    format: { type: 'string' }, jobs: { type: 'string' }, list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  if (values.list) return print(rehearsals.map(({ runbook, fault }) => `${runbook.padEnd(24)}${fault}\n`).join(''))
  const format = oneOf('format', String(values.format ?? 'pretty'), ['pretty', 'json'])
  const jobs = Number(values.jobs ?? 2)
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError(`--jobs ${values.jobs}: a whole number from 1 is due`)
  const outcomes = await rehearseAll(chosen(positionals), jobs)
  print(format === 'json' ? jsonReport(outcomes) : prettyReport(outcomes))
  return outcomes.every(({ ok }) => ok) ? 0 : 1
}

/** The rehearsals of these names, each once. Throws `UsageError` with the nearest name. */
export function chosen(names: string[]): Rehearsal[] {
  const known = rehearsals.map(({ runbook }) => runbook)
  for (const name of names) {
    if (known.includes(name)) continue
    throw new UsageError(`no runbook is called ${name}; did you mean ${closest(name, known)}? --list names all`)
  }
  return names.length === 0 ? rehearsals : rehearsals.filter(({ runbook }) => names.includes(runbook))
}

async function rehearseAll(list: Rehearsal[], jobs: number): Promise<Outcome[]> {
  const guide = readGuide()
  process.stderr.write('PostgreSQL 18 starts\n')
  const stage = await openStage()
  try {
    const outcomes: Outcome[] = []
    const waiting = [...list.entries()]
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, rehearsal] = next
        outcomes[index] = await rehearse(stage, guide, rehearsal)
        const done = Object.keys(outcomes).length
        process.stderr.write(`${done}/${list.length} ${outcomes[index].ok ? '✔' : '✖'} ${rehearsal.runbook}\n`)
      }
    }
    await Promise.all(Array.from({ length: jobs }, work))
    return outcomes
  } finally {
    await stage.stop()
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
