import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { FileReport } from '../../core/run.ts'
import { UsageError } from '../../core/usage-error.ts'

/** Changed lines by path from `root`, first and last of each hunk; `all` for a file that git does not know yet. */
export type Changes = Map<string, [number, number][] | 'all'>

/** Lines below `root` that differ from the revision. Throws `UsageError` without git, a repository or the revision. */
export function changesSince(root: string, revision: string): Changes {
  const git = (...args: string[]) => execFileSync('git', ['-c', 'core.quotePath=false', '-C', root, ...args], {
    encoding: 'utf8', maxBuffer: 512 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'],
  })
  let commit
  try {
    git('rev-parse', '--git-dir')
  } catch {
    throw new UsageError(`--since ${revision}: ${root} is in no git repository (or git is not installed); leave the option out`)
  }
  try {
    commit = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).trim()
  } catch {
    throw new UsageError(`--since ${revision}: git knows no such revision; in CI, fetch the history first (fetch-depth: 0)`)
  }
  const changes = readDiff(git('diff', '--no-ext-diff', '--no-color', '--no-renames', '--unified=0', '--relative', commit, '--', '.'))
  for (const path of git('ls-files', '--others', '--exclude-standard', '-z').split('\0')) if (path) changes.set(path, 'all')
  return changes
}

/** Hunks of a unified diff without context. */
export function readDiff(diff: string): Changes {
  const changes: Changes = new Map()
  let path: string | undefined
  for (const line of diff.split('\n')) {
    if (line.startsWith('+++ ')) path = line.startsWith('+++ b/') ? line.slice(6).replace(/\t$/, '') : undefined
    const hunk = path === undefined ? null : /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (!hunk) continue
    const [start, count] = [Number(hunk[1]), Number(hunk[2] ?? 1)]
    const known = changes.get(path!)
    const ranges = Array.isArray(known) ? known : []
    if (count > 0) ranges.push([start, start + count - 1])
    changes.set(path!, ranges)
  }
  return changes
}

/** Only the findings that touch a changed line; one about a whole file counts when the file changed. */
export function onlyChanged(files: FileReport[], root: string, changes: Changes): FileReport[] {
  return files.flatMap((file) => {
    const full = join(process.cwd(), file.path)
    const ranges = changes.get(relative(realpathSync(root), existsSync(full) ? realpathSync(full) : full).split(sep).join('/'))
    if (!ranges) return []
    const messages = ranges === 'all' ? file.messages : file.messages.filter(({ line, place }) => {
      if (!line) return ranges.length > 0
      const end = place && 'end' in place ? place.end.line : line
      return ranges.some(([from, to]) => from <= end && to >= line)
    })
    return messages.length > 0 ? [{ path: file.path, messages }] : []
  })
}
