import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parsePrompts } from '../scripts/core/triggers.ts'
import { triggersSchema, writePrompts } from './convert.ts'
import { negativeOf, promptOf } from './testing.ts'

const prompts = [promptOf({ id: 'a', query: 'línea "uno"\nzwei 🙂' }), negativeOf('other', { id: 'b' })]
const parse = (text: string) => {
  const parsed = parsePrompts(text, 'ours')
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.prompts
}

test('full is read back as it was', () => {
  expect(parse(writePrompts(prompts, 'full'))).toEqual(prompts)
})

test('plain keeps query and should_trigger only, and stays plain when read and written again', () => {
  const plain = writePrompts(prompts, 'plain')
  expect(JSON.parse(plain)).toEqual([
    { query: 'línea "uno"\nzwei 🙂', should_trigger: true },
    { query: 'the query', should_trigger: false },
  ])
  expect(writePrompts(parse(plain), 'plain')).toBe(plain)
})

test('plain becomes full prompts that our own format accepts', () => {
  const full = writePrompts(parse(writePrompts(prompts, 'plain')), 'full')
  expect(parse(full).map(({ id, expected_skill }) => [id, expected_skill])).toEqual([
    ['prompt-1', 'ours'],
    ['prompt-2', null],
  ])
})

test('triggers.schema.json is up to date; npm run evals -- --write-schema writes it', () => {
  expect(readFileSync(join(import.meta.dirname, 'triggers.schema.json'), 'utf8')).toBe(triggersSchema())
})

test('triggers.json is valid by the JSON Schema, a prompt without split is not', () => {
  const validate = new Ajv2020().compile(JSON.parse(triggersSchema()))
  expect(validate(JSON.parse(readFileSync(join(import.meta.dirname, 'triggers.json'), 'utf8')))).toBe(true)
  const { split, ...rest } = prompts[0]!
  expect(validate([rest])).toBe(false)
  expect(validate([])).toBe(false)
})
