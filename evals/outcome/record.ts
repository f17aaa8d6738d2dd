import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { filesBelow } from '../../scripts/core/files-below.ts'
import type { Server } from '../../scripts/core/postgres.ts'
import { readJson, writeText } from '../files.ts'
import { grade } from './grade.ts'
import { taskNames, tasksFolder, readTask, type Task } from './task.ts'
import { assemble } from './workspace.ts'

const file = join(tasksFolder, 'graded.json')
const repository = resolve(import.meta.dirname, '../..')
const held = z.array(z.string())
const recordSchema = z.object({
  version: z.literal(1),
  tasks: z.record(z.string(), z.object({ fingerprint: z.string(), broken: held, mediocre: held })),
})

/** Criteria that the broken copy and the mediocre solution hold. */
export interface Graded {
  broken: string[]
  mediocre: string[]
}

/** What was measured for exactly these files of `task`, its base, the harness and the pinned Bun; else `undefined`. */
export function recorded(task: Pick<Task, 'name' | 'folder'>): Graded | undefined {
  const entry = readRecord()[task.name]
  return entry?.fingerprint === fingerprintOf(task) ? entry : undefined
}

/** Grade the broken copy and the mediocre solution of a task. */
export async function gradeLower(task: Task, server: Server): Promise<Graded> {
  const [broken, mediocre] = await Promise.all((['broken', 'mediocre'] as const).map(async (variant) => {
    const folder = assemble(task, variant)
    const verdicts = await grade(task, folder, server).finally(() => rmSync(folder, { recursive: true, force: true }))
    return verdicts.filter((one) => one.held).map(({ id }) => id)
  }))
  return { broken: broken!, mediocre: mediocre! }
}

/** Grade what has no fitting record and keep `evals/tasks/graded.json`; returns the names that were graded. */
export async function record(server: Server, onTask: (name: string) => void): Promise<string[]> {
  const known = readRecord()
  const tasks = await Promise.all(taskNames().map((name) => readTask(name)))
  const kept = Object.fromEntries(tasks.flatMap((task) => (recorded(task) ? [[task.name, known[task.name]!]] : [])))
  const due = tasks.filter(({ name }) => !(name in kept))
  for (const task of due) {
    onTask(task.name)
    kept[task.name] = { fingerprint: fingerprintOf(task), ...(await gradeLower(task, server)) }
    writeText(file, `${JSON.stringify({ version: 1, tasks: { ...known, ...kept } }, null, 2)}\n`)
  }
  const inOrder = Object.fromEntries(tasks.map(({ name }) => [name, kept[name]!]))
  writeText(file, `${JSON.stringify({ version: 1, tasks: inOrder }, null, 2)}\n`)
  return due.map(({ name }) => name)
}

function readRecord(): z.infer<typeof recordSchema>['tasks'] {
  return existsSync(file) ? recordSchema.parse(readJson(file)).tasks : {}
}

function fingerprintOf({ folder }: Pick<Task, 'folder'>): string {
  const hash = createHash('sha256')
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  hash.update(String(devDependencies.bun))
  const harness = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !/test\.ts$|command|trial|record/.test(name))
  const paths = [...filesBelow(folder), ...filesBelow(join(tasksFolder, '_base')), ...harness.map((name) => join(import.meta.dirname, name))]
  for (const path of paths.sort()) hash.update(`\u0000${path.slice(repository.length)}\u0000`).update(readFileSync(path))
  return hash.digest('hex').slice(0, 32)
}
