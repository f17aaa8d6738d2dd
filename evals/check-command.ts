import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { readArgs } from '../scripts/core/args.ts'
import { loadConfig, type Config } from '../scripts/core/config.ts'
import { pretty } from '../scripts/core/reporters/pretty.ts'
import { validate, type RunResult } from '../scripts/core/run.ts'
import { registry } from '../scripts/validate/registry.ts'
import { skillFolders, sourceOf } from './clients/install-skills.ts'
import { summaryLines } from './report/terminal.ts'
import { runEvals } from './run-evals.ts'

const root = join(import.meta.dirname, '..')
const catalogFolder = join(root, 'evals/catalog')

const help = `Check this bundle: every rule of the validator, then the offline trigger evals.

Usage: npm run check

Exit codes: 0 all is well, 1 findings or a threshold not met, 2 could not run.
`

/** Run the command with `args`; returns the exit code. Throws \`UsageError\`. */
export async function main(args: string[]): Promise<number> {
  const { values } = readArgs(args, { help: { type: 'boolean', short: 'h' } })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const config = loadConfig(undefined, [root], registry.map(({ id }) => id))
  const bundle = await validate([root], config)
  const catalog = await validateCatalog({ ...config, rules: { ...config.rules, 'listing-budget': 'off' } })
  const evals = await runEvals({ skill: root })
  process.stdout.write([
    `The bundle\n${pretty(bundle, false)}`,
    `The catalog of neighbour skills\n${pretty(catalog, false)}`,
    `Trigger evals, lexical client (BM25, a proxy and not a model)\n${summaryLines(evals).join('\n')}`,
  ].join('\n\n') + '\n')
  const failed = [...bundle.files, ...catalog.files].some(({ messages }) => messages.some(({ severity }) => severity !== 'info'))
  return failed || evals.verdict !== 'pass' ? 1 : 0
}

/** Check the neighbours as the skills that clients get; findings name the files of the catalog. */
async function validateCatalog(config: Config): Promise<RunResult> {
  const copy = mkdtempSync(join(tmpdir(), 'catalog-'))
  try {
    for (const folder of skillFolders(catalogFolder)) {
      cpSync(sourceOf(folder, 'SKILL.md'), join(copy, basename(folder), 'SKILL.md'))
    }
    const result = await validate([copy], config)
    const original = (path: string) => {
      const folder = join(catalogFolder, basename(dirname(path)))
      return relative('', sourceOf(folder, 'SKILL.md'))
    }
    return { ...result, files: result.files.map((file) => ({ ...file, path: original(file.path) })) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
