import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { UsageError } from './usage-error.ts'
import type { Finding } from './finding.ts'
import type { FileReport } from './run.ts'

/** A finding's identity without its line, so that moving text does not revive it. */
function fingerprint(path: string, { ruleId, reason }: Finding): string {
  return createHash('sha256')
    .update(`${path}\0${ruleId}\0${reason.replace(/\d+/g, '#')}`)
    .digest('hex')
    .slice(0, 16)
}

/** Path from the baseline's folder, so that the same file serves from any working directory. */
function pathFrom(file: string, path: string): string {
  return relative(dirname(resolve(file)), resolve(path)).replaceAll(sep, '/')
}

/** Write every present finding to `file`, one line each, so that later runs show new ones only. */
export function writeBaseline<Result extends { files: FileReport[] }>(file: string, { files }: Result): number {
  const rows = files.flatMap(({ path, messages }) => {
    const short = pathFrom(file, path)
    return messages.map((message) => `${fingerprint(short, message)} ${short} ${message.ruleId}`)
  })
  try {
    writeFileSync(file, `${JSON.stringify({ version: 1, findings: rows.sort() }, null, 2)}\n`)
  } catch (error) {
    throw new UsageError(
      `${file}: the baseline cannot be written (${(error as NodeJS.ErrnoException).code}); choose another place`,
    )
  }
  return rows.length
}

/** Remove findings that `file` knows; each known one absolves one. Throws `UsageError` on a broken file. */
export function applyBaseline<Result extends { files: FileReport[] }>(file: string, result: Result): Result {
  if (!existsSync(file))
    throw new UsageError(`${file}: there is no such baseline; write it with --write-baseline ${file}`)
  const known = new Map<string, number>()
  try {
    const { version, findings } = JSON.parse(readFileSync(file, 'utf8')) as { version: number; findings: string[] }
    if (version !== 1) throw new Error('another version')
    for (const row of findings) known.set(row.slice(0, 16), (known.get(row.slice(0, 16)) ?? 0) + 1)
  } catch {
    throw new UsageError(`${file}: not a baseline; write it anew with --write-baseline ${file}`)
  }
  const files = result.files.map(({ path, messages }) => ({
    path,
    messages: messages.filter((message) => {
      const id = fingerprint(pathFrom(file, path), message)
      const left = known.get(id) ?? 0
      known.set(id, left - 1)
      return left <= 0
    }),
  }))
  return { ...result, files }
}
