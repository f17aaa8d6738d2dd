import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { folderWith, skillMd } from '../../scripts/core/testing.ts'
import { main } from '../command.ts'
import { negativeOf, promptOf } from '../testing.ts'

const prompts = (['train', 'validation'] as const).flatMap((split) => [
  ...Array.from({ length: 8 }, (_, at) => promptOf({ id: `${split}-w${at}`, query: `webhook ${split} case${at}`, split })),
  ...Array.from({ length: 8 }, (_, at) => negativeOf('other', { id: `${split}-n${at}`, query: `buttons ${split} thing${at}`, split })),
])
const text = skillMd('# Ours\n', 'name: ours\ndescription: Backends.\nlicense: MIT')

const thresholds = JSON.parse(readFileSync(join(import.meta.dirname, '../thresholds.json'), 'utf8'))
thresholds.lexical.settings.minimumScore = 0.5

function suite() {
  const root = folderWith({
    'ours/SKILL.md': text, 'catalog/other/SKILL.md': skillMd('# Other', 'name: other\ndescription: Pages and buttons.'), 't.json': JSON.stringify(prompts),
    'limits.json': JSON.stringify(thresholds),
  })
  const args = ['optimize', '--skill', join(root, 'ours'), '--catalog', join(root, 'catalog'), '--triggers', join(root, 't.json'), '--thresholds', join(root, 'limits.json')]
  return { root, args, file: join(root, 'ours/SKILL.md') }
}

beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
})
afterEach(() => vi.restoreAllMocks())

test('nothing is written without --write, and only the description with it', async () => {
  const { args, file } = suite()
  expect(await main(args)).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(await main([...args, '--write'])).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(text.replace('description: Backends.', 'description: "Backends, webhook."'))
})

test('bad input is one sentence', async () => {
  const { root, args } = suite()
  await expect(main([...args, '--minimum', '0'])).rejects.toThrow('--minimum 0: a whole number from 1 to 999 is due')
  await expect(main([...args, '--runs', '2'])).rejects.toThrow('--runs is for the agent clients; add --client')
  await expect(main([...args, '--writ'])).rejects.toThrow('unknown option --writ; did you mean --write?')
  writeFileSync(join(root, 't.json'), JSON.stringify(prompts.slice(0, 16)))
  await expect(main(args)).rejects.toThrow('degenerate split')
})
