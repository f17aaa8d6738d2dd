import { expect, test } from 'bun:test'
import { appRouter } from './router.ts'

const api = appRouter.createCaller({})

test('adds a mentor', async () => {
  expect(await api.members.add({ name: 'Ana', role: 'mentor' })).toEqual({ name: 'Ana', role: 'mentor' })
  expect(await api.members.list()).toHaveLength(1)
})

test('refuses a long name', () => {
  expect(api.members.add({ name: 'a'.repeat(81), role: 'mentor' })).rejects.toThrow()
})
