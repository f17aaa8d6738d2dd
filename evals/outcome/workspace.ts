import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Task, Variant } from './task.ts'

const nodeModules = resolve(import.meta.dirname, '../../node_modules')

/**
 * A new folder with the backend of `task`: the base, then `broken/`, then the overlay of `variant`. A task whose
 * `broken/package.json` has workspaces is a monorepo of its own, without the base.
 * A file `delete.txt` in an overlay lists paths that it removes, one a line.
 */
export function assemble({ folder: task }: Pick<Task, 'folder'>, variant: Variant, to = temporaryFolder()): string {
  const base = join(task, '..', '_base')
  const overlays = variant === 'broken' ? ['broken'] : ['broken', variant]
  if (!hasWorkspaces(join(task, 'broken', 'package.json'))) cpSync(base, to, { recursive: true })
  for (const overlay of overlays) {
    const from = join(task, overlay)
    cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('/delete.txt') })
    const list = join(from, 'delete.txt')
    if (!existsSync(list)) continue
    for (const path of readFileSync(list, 'utf8').split('\n').filter(Boolean)) {
      rmSync(join(to, path), { recursive: true })
    }
  }
  linkModules(to)
  return to
}

/** Give `folder` the installed packages of this repository, where it has none of its own. */
export function linkModules(folder: string): void {
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(nodeModules, join(folder, 'node_modules'), 'dir')
}

function hasWorkspaces(file: string): boolean {
  return existsSync(file) && 'workspaces' in JSON.parse(readFileSync(file, 'utf8'))
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'task-'))
}
