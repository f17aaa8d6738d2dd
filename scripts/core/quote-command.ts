import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { readArgs } from './args.ts'
import { executedPath, loadBundle, type Bundle } from './bundle.ts'
import { UsageError } from './config.ts'
import { fencesOf } from './fences.ts'
import { executedLines } from './lcov.ts'
import { fingerprint, regionOf } from './regions.ts'

const help = `Rewrite quoted fences from the source files they name.

Usage: npm run quote [-- --record LCOV]

Options:
  --record LCOV   after rewriting, write down in ${executedPath} which quoted
                  regions the test run behind this LCOV report has executed
  --help          this text

Examples:
  npm run quote            after a change below examples/
  npm run test:example     runs the tests of the example and records them

Exit codes: 0 done, 1 a quoted region is missing or was not executed, 2 could not run.
`

const root = join(import.meta.dirname, '../..')

/** Run the command with `args`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[]): Promise<number> {
  const { values } = readArgs(args, { record: { type: 'string' }, help: { type: 'boolean', short: 'h' } })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const changed = rewrite(root, loadBundle(root))
  process.stdout.write(`${changed} fences rewritten\n`)
  if (typeof values.record !== 'string') return 0
  const missing = record(root, loadBundle(root), values.record)
  for (const region of missing) process.stdout.write(`not executed by the tests: ${region}\n`)
  return missing.length > 0 ? 1 : 0
}

/** Replace the content of each quoted fence whose region has changed; returns how many. */
export function rewrite(folder: string, { documents, quoted }: Bundle): number {
  let changed = 0
  for (const document of documents.values()) {
    let text = document.text
    for (const { node, attributes } of fencesOf(document).toReversed()) {
      const [path = '', name = ''] = attributes.file?.split('#') ?? []
      const source = quoted.get(path)
      const region = source === undefined ? undefined : regionOf(source, name)
      if (!region || region.text === node.value) continue
      const start = node.position!.start.offset!
      const opening = text.slice(start, text.indexOf('\n', start) + 1)
      const mark = /^(`{3,}|~{3,})/.exec(opening)![1]
      text = `${text.slice(0, start)}${opening}${region.text}\n${mark}${text.slice(node.position!.end.offset)}`
      changed++
    }
    if (text !== document.text) writeFileSync(join(folder, document.path), (document.bom ? '\uFEFF' : '') + text)
  }
  return changed
}

/**
 * Write down the quoted regions that the tests have executed: with a line counted in the report, or in a file
 * that `processes.txt` beside it lists, because the tests ran it as a process of its own. Returns the others.
 */
export function record(folder: string, bundle: Bundle, lcov: string): string[] {
  if (!existsSync(lcov)) throw new UsageError(`${lcov}: there is no such report; run the tests of the example with --coverage first`)
  const lines = executedLines(readFileSync(lcov, 'utf8'))
  const processes = join(dirname(lcov), 'processes.txt')
  const started = existsSync(processes) ? readFileSync(processes, 'utf8').split('\n').filter(Boolean) : []
  const known: Record<string, string> = {}
  const missing: string[] = []
  for (const file of new Set([...bundle.documents.values()].flatMap(fencesOf).flatMap(({ attributes }) => attributes.file ?? []))) {
    const [path = '', name = ''] = file.split('#')
    if (!/\.tsx?$/.test(path) || path.endsWith('.test.ts')) continue
    const region = regionOf(bundle.quoted.get(path) ?? '', name)
    const own = [...lines].find(([reported]) => path === reported || path.endsWith(posix.join('/', reported)))?.[1]
    const ran = own && region && [...own].some((line) => line >= region.start && line <= region.end)
    const ranAlone = started.some((source) => path.endsWith(posix.join('/', source)))
    if (region && (ran || ranAlone)) known[file] = fingerprint(region.text)
    else missing.push(file)
  }
  const sorted = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(join(folder, executedPath), `${JSON.stringify(sorted, null, 2)}\n`)
  return missing
}
