import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../scripts/core/config.ts'
import { readJson } from '../files.ts'
import type { Criterion } from './criterion.ts'

export const tasksFolder = resolve(import.meta.dirname, '../tasks')
export const variants = ['broken', 'mediocre', 'full'] as const
export type Variant = (typeof variants)[number]

const taskSchema = z.strictObject({
  title: z.string().min(1),
  /** References of the bundle that answer it, without folder and ending. */
  references: z.array(z.string().min(1)).min(1),
  /** What a user types: the symptom, never the solution. */
  prompts: z.array(z.string().min(1)).min(1),
})

export interface Task extends z.infer<typeof taskSchema> {
  name: string
  folder: string
  criteria: Criterion[]
}

/** Names of the tasks: the folders with a `task.json`. Throws `UsageError` when there is none. */
export function taskNames(root = tasksFolder): string[] {
  const names = readdirSync(root).filter((name) => existsSync(join(root, name, 'task.json')))
  if (names.length === 0) throw new UsageError(`${root}: no folder in it has a task.json`)
  return names.sort()
}

/** Task `name` with its criteria from `grade.ts`. Throws `UsageError`. */
export async function readTask(name: string, root = tasksFolder): Promise<Task> {
  const folder = join(root, name)
  const file = join(folder, 'task.json')
  if (!existsSync(file))
    throw new UsageError(`no task is called "${name}"; there are ${taskNames(root).join(', ')}`)
  const parsed = taskSchema.safeParse(readJson(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new UsageError(`${file}: ${issue!.path.join('.') || 'the task'}: ${issue!.message}`)
  }
  const { default: criteria } = (await import(join(folder, 'grade.ts'))) as { default: Criterion[] }
  const tiers = new Set(criteria.map(({ tier }) => tier))
  if (!tiers.has('basic') || !tiers.has('expert'))
    throw new UsageError(`${folder}/grade.ts: a grader needs basic and expert criteria`)
  return { name, folder, ...parsed.data, criteria }
}
