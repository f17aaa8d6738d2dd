import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Server } from '../../scripts/core/postgres.ts'
import { grade, startDatabases } from './grade.ts'
import { run } from './process.ts'
import { gradeLower, recorded } from './record.ts'
import { readTask, taskNames } from './task.ts'
import { assemble } from './workspace.ts'

let server: Server
beforeAll(async () => void (server = await startDatabases()), 60_000)
afterAll(() => server?.stop())

describe.each(taskNames())('%s', (name) => {
  it('has a full solution that passes the type check', async () => {
    const folder = assemble(await readTask(name), 'full')
    const { output } = await run(folder, ['bun', 'run', 'check'])
    rmSync(folder, { recursive: true, force: true })
    expect(output).not.toMatch(/error/i)
  })

  it('has a full solution that holds everything', { timeout: 240_000 }, async () => {
    const task = await readTask(name)
    const folder = assemble(task, 'full')
    const verdicts = await grade(task, folder, server).finally(() => rmSync(folder, { recursive: true, force: true }))
    expect(verdicts.filter(({ held }) => !held)).toEqual([])
  })

  it('grades broken below mediocre below full', { timeout: 240_000 }, async () => {
    const task = await readTask(name)
    const { broken, mediocre } = (process.env.GRADE_ALL ? undefined : recorded(task)) ?? (await gradeLower(task, server))
    expect(mediocre.length).toBeLessThan(task.criteria.length)
    expect(broken.length).toBeLessThan(mediocre.length)
    expect(task.criteria.some(({ id, tier }) => tier === 'basic' && !broken.includes(id))).toBe(true)
  })
})
