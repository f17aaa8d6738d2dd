import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArgs } from './args.ts'
import { loadBundle, type Bundle } from './bundle.ts'
import { UsageError } from './config.ts'
import { statements, tableIn, versionTable } from './versions.ts'

const help = `Rewrite the versions that the bundle states, from package.json.

Usage: npm run versions

Rewrites "Verified with" lines, what compatibility of SKILL.md says is verified,
the pins below examples/ and the table of the README. It does not verify: run the
tests of the pages it names.

Options:
  --help          this text

Examples:
  npm install --save-dev --save-exact hono@latest && npm run versions
  npm run versions && npm install && npm test && npm run test:example

Exit codes: 0 done, 2 could not run.
`

const root = join(import.meta.dirname, '../..')

/** Run the command with `args` on the repository in `folder`; returns the exit code. Throws `UsageError`. */
export async function main(args: string[], folder = root): Promise<number> {
  const { values, positionals } = readArgs(args, { help: { type: 'boolean', short: 'h' } })
  if (positionals.length > 0) throw new UsageError(`${positionals[0]}: this command takes no argument; see --help`)
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const changes = rewriteVersions(folder, loadBundle(folder))
  process.stdout.write([...changes, `${changes.length} versions rewritten`].join('\n') + '\n')
  return 0
}

/**
 * Write the pinned versions wherever `bundle`, loaded from `folder`, states others; then the table of the README.
 * Gives one line for each change. Throws `UsageError` when nothing states a version.
 */
export function rewriteVersions(folder: string, bundle: Bundle): string[] {
  const stated = statements(bundle)
  if (stated.length === 0) throw new UsageError('no "Verified with" line names a version; nothing to rewrite')
  const wrong = stated.filter(({ due, version }) => due !== undefined && /^\d/.test(due) && due !== version)
  for (const path of new Set(wrong.map((statement) => statement.path))) {
    let text = textOf(bundle, path)
    const inFile = wrong.filter((statement) => statement.path === path).sort((a, b) => b.offset - a.offset)
    for (const { offset, name, version, due } of inFile) {
      const start = offset + name.length
      text = text.slice(0, start) + due + text.slice(start + version.length)
    }
    writeFileSync(join(folder, path), (bundle.documents.get(path)?.bom ? '\uFEFF' : '') + text)
  }
  const changes = wrong.map(({ path, package: name, version, due }) => `${path}: ${name} ${version} → ${due}`)
  const rewritten = loadBundle(folder)
  const table = tableIn(rewritten)
  if (!table || table.isCurrent) return changes
  const text = textOf(rewritten, 'README.md')
  writeFileSync(join(folder, 'README.md'), text.slice(0, table.start) + versionTable(rewritten) + text.slice(table.end))
  return [...changes, 'README.md: the table of versions']
}

function textOf({ documents, examples }: Bundle, path: string): string {
  return documents.get(path)?.text ?? examples.get(path)!
}
