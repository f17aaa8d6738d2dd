import { oneOf, readArgs } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { print } from '../files.ts'
import { compare } from './compare.ts'
import { readSide } from './side.ts'

const formats = ['pretty', 'json'] as const

const help = `What a change did, prompt by prompt: from result A to result B.

Usage: npm run evals -- compare A B [options]

A and B are two results of "npm run evals -- --format json", or two folders of records, which are graded
again with the prompts of today. Each client and arm is compared with itself.

Options:
  --margin POINTS             differences below this do not matter (default 10)
  --triggers FILE             prompts to grade records with (default evals/triggers.json)
  --skill DIR                 skill to grade records for (default this bundle)
  --catalog DIR               folder of skills beside it (default evals/catalog)
  --format pretty|json        how the result is printed (default pretty)
  --output FILE               write the result there, not to standard output
  --verbose                   list every prompt that changed
  --help                      this text

Verdicts: better or worse when McNemar's exact test on the prompts, corrected for the number of measures, says
p ≤ 0.05; no difference shown when the 95 % interval of the difference lies within the margin; INCONCLUSIVE
otherwise, and when prompts without an answer on both sides are more than one in ten.

Examples:
  npm run evals -- compare results/before.json results/after.json
  npm run evals -- compare results/before results/after --format json
  npm run evals -- compare results/before.json results/after.json --margin 5 --verbose

Exit codes: 0 not worse, 1 worse, 2 could not compare.
`

/** Run `evals compare` with `args`; returns the exit code. Throws `UsageError`. */
export async function compareCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, {
    margin: { type: 'string' },
    triggers: { type: 'string' },
    skill: { type: 'string' },
    catalog: { type: 'string' },
    format: { type: 'string' },
    output: { type: 'string' },
    verbose: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) return print(help)
  if (positionals.length !== 2) throw new UsageError(`compare takes two results, not ${positionals.length}; see --help`)
  const empty = Object.keys(values).find((name) => values[name] === '')
  if (empty) throw new UsageError(`--${empty} needs a value; see --help`)
  const format = oneOf('format', (values.format as string | undefined) ?? 'pretty', formats)
  const margin = readMargin(values.margin as string | undefined)
  const paths = Object.fromEntries(['triggers', 'skill', 'catalog'].flatMap((name) => (values[name] ? [[name, values[name]]] : [])))
  const [a, b] = [await readSide(positionals[0]!, paths), await readSide(positionals[1]!, paths)]
  const comparison = compare(a, b, margin)
  const output = values.output as string | undefined
  const { usesColor } = await import('../../scripts/core/reporters/pretty.ts')
  const text = format === 'json' ? JSON.stringify(comparison, null, 2)
    : (await import('./terminal.ts')).terminal(comparison, { verbose: values.verbose === true, color: output === undefined && usesColor() })
  print(`${text}\n`, output)
  return comparison.verdict === 'worse' ? 1 : 0
}

function readMargin(text = '10'): number {
  const points = Number(text)
  if (text.trim() !== '' && points > 0 && points < 100) return points / 100
  throw new UsageError(`--margin ${text}: a number of points between 0 and 100 is due, such as 10`)
}
