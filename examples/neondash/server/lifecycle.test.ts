import { expect, test } from 'bun:test'
import { createLifecycle } from './lifecycle'
import { createLog } from './log'

function started(options = {}) {
  const events: string[] = []
  const log = createLog({ write: (line) => events.push(JSON.parse(line).event) })
  const lifecycle = createLifecycle({ log, drainMs: 20, stopMs: 100, closeMs: 100, ...options })
  lifecycle.markReady()
  return { lifecycle, events }
}

test('not ready first, then drain, then close', async () => {
  const { lifecycle, events } = started()
  lifecycle.onDrain('http', async () => {
    await Bun.sleep(10)
    events.push(`http ${lifecycle.draining.aborted}`)
  })
  lifecycle.onClose('database', () => events.push('database'))
  const done = lifecycle.shutdown('test')
  expect([lifecycle.ready, lifecycle.stopping, lifecycle.draining.aborted]).toEqual([false, true, false])
  expect(await done).toBe(true)
  expect(events).toEqual(['shutdown', 'http true', 'database', 'exit'])
})

test('a second signal joins the first', async () => {
  const { lifecycle, events } = started()
  await Promise.all([lifecycle.shutdown('SIGTERM'), lifecycle.shutdown('SIGINT')])
  expect(events).toEqual(['shutdown', 'exit'])
})

test('a stream that never ends holds nothing up beyond the deadline', async () => {
  const { lifecycle, events } = started()
  lifecycle.onDrain('stuck', () => new Promise(() => {}))
  lifecycle.onClose('database', () => events.push('database'))
  expect(await lifecycle.shutdown('test')).toBe(false)
  expect(events).toEqual(['shutdown', 'database', 'exit'])
})

test('a hook that fails does not keep the others from running', async () => {
  const { lifecycle, events } = started()
  lifecycle.onClose('redis', () => {
    throw new Error('gone')
  })
  lifecycle.onClose('database', () => events.push('database'))
  expect(await lifecycle.shutdown('test')).toBe(false)
  expect(events).toContain('shutdown_hook_failed')
  expect(events).toContain('database')
})
