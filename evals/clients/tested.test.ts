import { expect, test } from 'vitest'
import { summaryOf } from './tested.ts'

const report = (...results: [string, string][]) => ({
  testResults: [{ assertionResults: results.map(([client, status]) => ({ ancestorTitles: [client], status })) }],
})

test('each client has its own line', () => {
  const clients = [{ name: 'codex' as const, version: '1.0.0' }, { name: 'gemini' as const, version: '2.0.0' }]
  expect(summaryOf(report(["'codex'", 'passed'], ['codex', 'passed'], ['gemini', 'failed'], ['gemini', 'passed']), clients))
    .toEqual({ lines: ['codex 1.0.0: 2 passed', 'gemini 2.0.0: 1 passed, 1 failed'], tested: true })
})

test('what is not installed or did not run is never passed', () => {
  const clients = [{ name: 'codex' as const, version: undefined }, { name: 'gemini' as const, version: '2.0.0' }, { name: 'opencode' as const, version: '1' }]
  expect(summaryOf(report(['codex', 'skipped'], ['gemini', 'skipped'], ['opencode', 'passed']), clients)).toEqual({
    lines: ['not tested: codex is not installed on this machine', 'not tested: gemini, no test ran', 'opencode 1: 1 passed'], tested: false,
  })
})
