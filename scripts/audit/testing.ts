import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folderWith } from '../core/testing.ts'
import { audit } from './engine/run.ts'
import type { Rule } from './engine/rule.ts'

/** package.json of a project on the stack. */
export const stack = JSON.stringify({
  name: 'demo', dependencies: { hono: '4.13.19', '@trpc/server': '11.25.2', 'drizzle-orm': '0.45.4', zod: '4.6.7' },
})

/** Findings of `rule` on a project of `files`, each as `path:line:column severity reason`. */
export async function findingsOn(rule: Pick<Rule, 'id'>, files: Record<string, string | Uint8Array>): Promise<string[]> {
  const root = folderWith({ 'package.json': stack, ...files }, 'project')
  const before = process.cwd()
  process.chdir(root)
  onTestFinished(() => process.chdir(before))
  const { files: found } = await audit('.', { rules: {}, ignore: [] }, [rule.id])
  return found.flatMap(({ path, messages }) => messages.map(({ line, column, severity, reason }) => `${join(path)}:${line ?? 0}:${column ?? 0} ${severity} ${reason}`))
}

/** Name, files (or the text of server/api.ts), findings. */
export type Case = [name: string, files: Record<string, string> | string, expected: string[]]

/** Test `rule` on a table: at least one case must fire and one must stay quiet. */
export function testRule(rule: Rule, cases: Case[]): void {
  test('the table shows the rule firing and quiet', () => {
    expect(cases.some(([, , expected]) => expected.length > 0)).toBe(true)
    expect(cases.some(([, , expected]) => expected.length === 0)).toBe(true)
  })
  test.each(cases)('%s', async (_, files, expected) => {
    expect(await findingsOn(rule, typeof files === 'string' ? { 'server/api.ts': files } : files)).toEqual(expected)
  })
}
