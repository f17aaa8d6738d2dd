import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadBundle } from './bundle.ts'
import { defaults, type Config } from './config.ts'
import { runRule, type Rule } from './rule.ts'

/**
 * Write `files` (path → text or bytes) into a new temporary folder called `name`.
 * The folder goes with the test.
 */
export function folderWith(files: Record<string, string | Uint8Array>, name = 'demo'): string {
  const parent = mkdtempSync(join(tmpdir(), 'skill-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const root = join(parent, name)
  mkdirSync(root)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** SKILL.md with a valid frontmatter in front of `body`. */
export function skillMd(body: string, fields = 'name: demo\ndescription: Checks demo files. Use when a demo breaks.'): string {
  return `---\n${fields}\n---\n\n${body}`
}

/** Findings of one rule on a folder, each as `path:line:column reason`. */
export async function findingsIn(rule: Rule, root: string, config: Partial<Config> = {}): Promise<string[]> {
  const found = await runRule(rule, loadBundle(root), { ...defaults, ...config })
  return found.map(([path, { line, column, reason }]) => `${path}:${line ?? 1}:${column ?? 1} ${reason}`)
}

/**
 * Names of the fixtures of a rule under `fixtures/<rule>/`. A fixture is a skill folder, or one
 * Markdown file that becomes the SKILL.md of a folder called `demo`.
 */
export function fixturesOf(rule: Rule): string[] {
  return readdirSync(join(import.meta.dirname, '../validate/fixtures', rule.id)).sort()
}

/** A copy of the fixture `name` of `rule`, as a skill folder called `demo`. */
export function copyOfFixture(rule: Rule, name: string): string {
  const source = join(import.meta.dirname, '../validate/fixtures', rule.id, name)
  if (!existsSync(source)) throw new Error(`no fixture ${rule.id}/${name}`)
  const root = folderWith({})
  cpSync(source, statSync(source).isDirectory() ? root : join(root, 'SKILL.md'), { recursive: true, verbatimSymlinks: true })
  return root
}

/** Findings of `rule` on its fixture `name`. */
export async function onFixture(rule: Rule, name: string, config: Partial<Config> = {}): Promise<string[]> {
  return findingsIn(rule, copyOfFixture(rule, name), config)
}

/** Test `rule` on all its fixtures: name → findings as `onFixture` returns them. */
export function testFixtures(rule: Rule, table: Record<string, string[]>, config: Partial<Config> = {}): void {
  test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))
  test.each(Object.entries(table))('%s', async (name, expected) => {
    expect(await onFixture(rule, name, config)).toEqual(expected)
  })
}
