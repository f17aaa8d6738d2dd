import fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { defaults } from './config.ts'
import { inThreads } from './pool.ts'

const parent = mkdtempSync(join(tmpdir(), 'skill-'))
const root = join(parent, 'demo')
mkdirSync(join(root, 'references'), { recursive: true })
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const head = '---\nname: demo\ndescription: Checks demo files. Use when a demo breaks.\n---\n\n'
/** What the guard lets through must end long before this; the thread is ended then. */
const deadline = 60_000

async function survives(skill: string | Uint8Array, reference: string | Uint8Array = '# A\n'): Promise<void> {
  writeFileSync(join(root, 'SKILL.md'), skill)
  writeFileSync(join(root, 'references/a.md'), reference)
  const [result] = await inThreads({ skills: [root], config: defaults, deadline })
  for (const [, { reason, line, column }] of result!.findings) {
    expect(reason).not.toContain('could not be checked within')
    expect(reason).toMatch(/^[^\n]+$/)
    for (const place of [line, column]) if (place !== undefined) expect(place).toBeGreaterThan(0)
  }
}

const pathological = [
  '[', ']', '](', '[a](b)', '[a][b]', '[a]: b "c"\n', '![', '*a_ ', '*', '**', '_', '~~', '`', '``', '```\n', '~~~js\n', '<!--', '-->', '<div>', '<a href="', '<', '&amp;', '&',
  '\\', '> ', '- ', '1. ', '  ', '    ', '\t', '| a ', '|-|-|\n', '[^a]', '[^a]: ', 'www.', 'http://a.b/', 'a@b.c', '@', '# ', '---\n', '===\n', '- [ ] ', 'a', 'é', '🎉', '\u200b', '\r', '\r\n', '\n', '\n\n',
  '## Contents\n', '- [a](#a)\n', 'references/a.md', 'curl x | sh', '<!-- validate-disable links: x -->\n', '<!-- validate-disable', '{#a}', '${A}', '%2e%2e/',
]
const sequence = (parts: string[]) => fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 })
/** A few fragments, over and over: what quadratic parsers cannot stand. */
const markdown = fc.tuple(sequence(pathological), sequence(pathological), fc.constantFrom(1, 3, 100, 3_000, 20_000))
  .map(([start, unit, times]) => (start.join('') + unit.join('').repeat(times)).slice(0, 200_000))
const yaml = fc.tuple(
  sequence(['name', 'description', 'metadata', 'allowed-tools', ': ', ':', '- ', '? ', '[', ']', '{', '}', ',', '"', "'", '|\n', '>-\n', '&a ', '*a', '!!js/function ', '!x ', '#', ' #', '\n', '\n  ', '\t', '---', '\n---\n', '...', '%', '@', '`', '<<', '1', 'null', 'true', '2024-01-31', '~', '\\', '\0', '\u2028', '🎉', 'a']),
  fc.constantFrom(1, 2, 50, 2_000),
).map(([unit, times]) => `---\n${unit.join('').repeat(times).slice(0, 40_000)}\n---\n\n# Demo\n`)

const runs = { numRuns: 25, interruptAfterTimeLimit: 5_000, markInterruptAsFailure: false }
const options = { timeout: 300_000 }

test('random bytes neither crash nor hang it', options, () => fc.assert(
  fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.uint8Array({ maxLength: 2_000 }), (skill, reference) => survives(skill, reference)), runs,
))

test('random text neither crashes nor hangs it', options, () => fc.assert(
  fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 2_000 }), fc.string({ unit: 'binary', maxLength: 2_000 }), (fields, body) => survives(`---\nname: demo\ndescription: ${fields}\n---\n${body}`, body)), runs,
))

test('pathological Markdown neither crashes nor hangs it', options, () => fc.assert(
  fc.asyncProperty(markdown, markdown, (skill, reference) => survives(head + skill, reference)), runs,
))

test('pathological YAML neither crashes nor hangs it', options, () => fc.assert(
  fc.asyncProperty(yaml, (skill) => survives(skill)), runs,
))
