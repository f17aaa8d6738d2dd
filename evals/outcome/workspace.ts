import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
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
  if (!isMonorepo({ folder: task })) cpSync(base, to, { recursive: true })
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

/**
 * Give `folder` the installed packages of this repository, where it has none of its own; in a monorepo its
 * workspaces are linked as an installation would.
 */
export function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules')
  if (!hasWorkspaces(join(folder, 'package.json'))) {
    if (!existsSync(modules)) symlinkSync(nodeModules, modules, 'dir')
    return
  }
  const installed = readdirSync(nodeModules).map((name) => [name, join(nodeModules, name)] as const)
  for (const [name, target] of [...installed, ...workspacesOf(folder)]) {
    const link = join(modules, name)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link, 'dir')
  }
}

/** Names of the workspaces with the target of a link to each, relative, so that a copy of the folder is whole. */
function workspacesOf(folder: string): (readonly [name: string, target: string])[] {
  const { workspaces } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const patterns: string[] = Array.isArray(workspaces) ? workspaces : workspaces.packages
  return patterns.flatMap((pattern) => globSync(join(pattern, 'package.json'), { cwd: folder })).map((file) => {
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    return [name, relative(join(folder, 'node_modules', dirname(name)), join(folder, dirname(file)))] as const
  })
}

/** Whether `task` brings a monorepo, which has neither the base nor a database. */
export function isMonorepo({ folder }: Pick<Task, 'folder'>): boolean {
  return hasWorkspaces(join(folder, 'broken', 'package.json'))
}

function hasWorkspaces(file: string): boolean {
  return existsSync(file) && 'workspaces' in JSON.parse(readFileSync(file, 'utf8'))
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'task-'))
}
