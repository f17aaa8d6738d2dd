import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { UsageError } from '../../scripts/core/config.ts'
import { folderWith } from '../../scripts/core/testing.ts'
import { main } from '../command.ts'
import { ours, sample } from '../report/html/testing.ts'
import { negativeOf, promptOf } from '../testing.ts'

const prompts = [
  ...Array.from({ length: 12 }, (_, at) => promptOf({ id: `p${at}`, query: `prompt ${at}`, expected_skill: ours })),
  negativeOf(null, { id: 'n', query: 'a poem' }),
]

/** Result and records of a run in which the first `hits` positives load. */
async function ran(hits: number): Promise<{ folder: string; result: string; records: string; triggers: string }> {
  const folder = folderWith({})
  const { result, records } = await sample(folder, {
    prompts, clients: ['claude-code'], runs: 1, does: ({ id }) => ({ loads: id !== 'n' && Number(id.slice(1)) < hits ? ours : null }),
  })
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
  return { folder, result: join(folder, 'result.json'), records: records.folder, triggers: join(folder, 'triggers.json') }
}

async function compared(...args: string[]): Promise<{ code: number; out: any }> {
  const output = join(folderWith({}), 'out.json')
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const code = await main(['compare', ...args, '--format', 'json', '--output', output])
  write.mockRestore()
  return { code, out: JSON.parse(readFileSync(output, 'utf8')) }
}

afterEach(() => vi.restoreAllMocks())

test('result files and folders of records say the same, exit code 1 for worse', async () => {
  const [good, bad] = [await ran(12), await ran(2)]
  const files = await compared(good.result, bad.result)
  const folders = await compared(good.records, bad.records, '--triggers', good.triggers)
  expect(files.code).toBe(1)
  expect(files.out).toMatchObject({
    version: 1, kind: 'comparison', verdict: 'worse',
    groups: [
      { client: 'claude-code', arm: 'isolated', measures: [{ id: 'recall', pairs: { both: 2, lost: 10, gained: 0, neither: 0 } }, { id: 'left-alone' }] },
      { client: 'claude-code', arm: 'crowded' },
    ],
  })
  expect(folders.out.groups).toEqual(files.out.groups)
  expect((await compared(bad.result, good.result))).toMatchObject({ code: 0, out: { verdict: 'better' } })
})

test('results of the lexical client are compared too', async () => {
  const row = (id: string, loaded: string | null) => ({ id, should_trigger: true, symptom: 'jobs', loaded })
  const result = (loaded: string | null) =>
    JSON.stringify({ version: 1, client: { name: 'lexical' }, skill: 'ours', rows: Array.from({ length: 8 }, (_, at) => row(`p${at}`, loaded)) })
  const folder = folderWith({ 'a.json': result(null), 'b.json': result('ours') })
  expect((await compared(join(folder, 'a.json'), join(folder, 'b.json'))).out).toMatchObject({ verdict: 'better', groups: [{ client: 'lexical' }] })
})

test('bad input is one sentence', async () => {
  const folder = folderWith({ 'list.json': '[]', 'agents.json': '{"kind":"agents"}', 'text.json': 'x', 'empty/readme.txt': '' })
  const at = (name: string) => join(folder, name)
  const cases: [string[], string][] = [
    [[], 'compare takes two results, not 0; see --help'],
    [['a', 'b', 'c'], 'compare takes two results, not 3; see --help'],
    [[at('no.json'), at('list.json')], `${at('no.json')}: does not exist; name a result file or a folder of records`],
    [[at('list.json'), at('list.json')], `${at('list.json')}: not a result of "npm run evals -- --format json" (the file: Invalid input: expected object, received array); write it again`],
    [[at('agents.json'), at('list.json')], `${at('agents.json')}: not a result of "npm run evals -- --format json" (version: Invalid input: expected 1); write it again`],
    [[at('text.json'), at('text.json')], `${at('text.json')}: not JSON (Unexpected token 'x', "x" is not valid JSON); correct it`],
    [[at('list.json'), at('list.json'), '--margin', 'x'], '--margin x: a number of points between 0 and 100 is due, such as 10'],
    [[at('list.json'), at('list.json'), '--margn', '3'], 'unknown option --margn; did you mean --margin?'],
    [[at('list.json'), at('list.json'), '--format', 'html'], '--format html: not one of pretty, json; did you mean json?'],
  ]
  for (const [args, message] of cases) {
    const error = await main(['compare', ...args]).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toBe(message)
  }
  await expect(main(['compare', at('empty'), at('empty')])).rejects.toThrow(`${at('empty')}: holds no record`)
  rmSync(folder, { recursive: true })
})
