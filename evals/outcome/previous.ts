import { rmSync } from 'node:fs'
import type { Task } from './task.ts'
import { assemble } from './workspace.ts'

/** Give `work` a folder with the version before the result, the broken copy, which is removed afterwards. */
export async function withPrevious<T>(task: Pick<Task, 'folder'>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = assemble(task, 'broken')
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
