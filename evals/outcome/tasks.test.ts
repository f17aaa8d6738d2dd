import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Server } from '../../scripts/fences/postgres.ts'
import { grade, scoreOf, startDatabases } from './grade.ts'
import { run } from './process.ts'
import { readTask, taskNames, variants, type Variant } from './task.ts'
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

  it('grades broken below mediocre below full, and full holds everything', { timeout: 240_000 }, async () => {
    const task = await readTask(name)
    const verdicts = Object.fromEntries(await Promise.all(variants.map(async (variant) => {
      const folder = assemble(task, variant)
      const result = await grade(task, folder, server).finally(() => rmSync(folder, { recursive: true, force: true }))
      return [variant, result] as const
    }))) as Record<Variant, Awaited<ReturnType<typeof grade>>>
    expect(verdicts.full.filter(({ held }) => !held)).toEqual([])
    expect(scoreOf(verdicts.mediocre)).toBeLessThan(1)
    expect(scoreOf(verdicts.broken)).toBeLessThan(scoreOf(verdicts.mediocre))
    expect(verdicts.broken.some(({ tier, held }) => tier === 'basic' && !held)).toBe(true)
  })
})
