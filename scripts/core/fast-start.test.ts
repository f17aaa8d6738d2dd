import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fastStart, sibling } from './fast-start.ts'

test('the bundled copy is built once and holds the worker that stands beside it', async () => {
  const command = await fastStart('validate-command')
  expect(command).toMatch(/\.cache\/validate\/[0-9a-f]{16}\/validate-command\.js$/)
  const worker = fileURLToPath(sibling('worker', command))
  expect(existsSync(worker)).toBe(true)
  const built = statSync(worker).mtimeMs
  expect(await fastStart('validate-command')).toBe(command)
  expect(statSync(worker).mtimeMs).toBe(built)
})

test('a module finds its neighbour as source and as bundle', () => {
  expect(sibling('worker', 'file:///a/core/pool.ts').href).toBe('file:///a/core/worker.ts')
  expect(sibling('worker', 'file:///a/cache/chunk-1.js').href).toBe('file:///a/cache/worker.js')
})
