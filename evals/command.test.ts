import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { UsageError } from '../scripts/core/config.ts'
import { folderWith, skillMd } from '../scripts/core/testing.ts'
import { main } from './command.ts'

const root = join(import.meta.dirname, '..')

function evals(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['evals/run.ts', ...args],
      { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
      (error, out, err) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
      },
    )
  })
}

const plain = '[{"query":"webhooks are lost","should_trigger":true},{"query":"poem","should_trigger":false}]'

test('bad input is a usage error of one line', async () => {
  const folder = folderWith({
    'broken.json': '[',
    'empty.json': '[]',
    'object.json': '{}',
    'wrong.json': '[{"query":"hi there","should_trigger":"yes"}]',
    'no.json': '',
    'utf16.json': new Uint8Array([0xff, 0xfe, 0x5b, 0]),
    'plain.json': plain,
    'nothing/readme.txt': 'x',
    'nameless/SKILL.md': skillMd('x', 'name: x'),
    'weak/SKILL.md': skillMd('x', 'name: weak\ndescription: "?"'),
  })
  const at = (name: string) => join(folder, name)
  const cases: [string[], string][] = [
    [['--triggers', at('missing.json')], `${at('missing.json')}: does not exist`],
    [['--triggers', folder], `${folder}: is a folder, a file is due`],
    [
      ['--triggers', at('broken.json')],
      `${at('broken.json')}: not JSON (Unexpected end of JSON input); correct it`,
    ],
    [['--triggers', at('empty.json')], `${at('empty.json')}: the file: at least one prompt is due`],
    [
      ['--triggers', at('object.json')],
      `${at('object.json')}: the file: Invalid input: expected array, received object`,
    ],
    [
      ['--triggers', at('wrong.json')],
      `${at('wrong.json')}: prompt 1, should_trigger: Invalid input: expected boolean, received string`,
    ],
    [['--triggers', at('no.json')], `${at('no.json')}: the file is empty; write its content or delete it`],
    [['--triggers', at('utf16.json')], `${at('utf16.json')}: the file is UTF-16; save it as UTF-8`],
    [['--triggers', at('plain.json'), '--split', 'train'], `${at('plain.json')}: no prompt is in the split "train"`],
    [['--skill', at('nothing')], `${at('nothing/SKILL.md')}: does not exist`],
    [
      ['--skill', at('nameless')],
      `${at('nameless/SKILL.md')}: the frontmatter needs a name and a description, both text`,
    ],
    [
      ['--skill', at('weak')],
      'the positive control failed: on its own description weak should load, but the lexical client loaded nothing',
    ],
    [['--catalog', at('missing')], `${at('missing')}: does not exist; the catalog is a folder of skills`],
    [['--catalog', at('nothing')], `${at('nothing')}: no other skill in it; the catalog needs folders with a NEIGHBOUR.md or SKILL.md`],
    [['--thresholds', at('object.json')], `${at('object.json')}: thresholds.version: Invalid input: expected 1`],
    [['--output', at('missing/out.txt')], `${at('missing/out.txt')}: cannot be written (ENOENT)`],
    [['--verbos'], 'unknown option --verbos; did you mean --verbose?'],
    [['--split', 'trian'], '--split trian: not one of train, validation, all; did you mean train?'],
    [['--format', 'xml'], '--format xml: not one of pretty, json, junit; did you mean json?'],
    [['--client', 'claude'], '--client claude: not one of lexical, claude-code, codex, opencode, gemini; did you mean codex?'],
    [['--runs', '3'], '--runs is for the agent clients; add --client claude-code, codex, opencode or gemini'],
    [['--convert', 'full-'], '--convert full-: not one of plain, full; did you mean full?'],
    [['--calibrate', '--skill', folder], '--calibrate with --skill needs --thresholds FILE'],
    [['--triggers='], '--triggers needs a value; see --help'],
    [['evals/triggers.json'], '"evals/triggers.json" is not an option; see --help'],
  ]
  for (const [args, message] of cases) {
    const error = await main(args).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toBe(message)
  }
})

test('a usage error goes to standard error, exit code 2', async () => {
  const results = await Promise.all([evals('--triggers', 'missing.json'), evals('--verbos')])
  expect(results).toEqual([
    { code: 2, out: '', err: 'evals: missing.json: does not exist\n' },
    { code: 2, out: '', err: 'evals: unknown option --verbos; did you mean --verbose?\n' },
  ])
})

test('results on standard output, exit code 0 or 1 by the thresholds', async () => {
  const strict = JSON.parse(readFileSync(join(root, 'evals/thresholds.json'), 'utf8'))
  strict.lexical.gates.train.minimumRecall = 1
  const thresholds = join(folderWith({ 't.json': JSON.stringify(strict) }), 't.json')
  const [good, bad] = await Promise.all([evals('--format', 'json'), evals('--thresholds', thresholds)])
  expect(good).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(good!.out)).toMatchObject({ version: 1, verdict: 'pass' })
  expect(bad).toMatchObject({ code: 1, err: '' })
  expect(bad!.out).toContain('not met (train.recall): failed')
})

test('--output, --convert and --help', async () => {
  const folder = folderWith({ 'plain.json': plain })
  const output = join(folder, 'out.xml')
  const [xml, full, help] = await Promise.all([
    evals('--format', 'junit', '--output', output),
    evals('--convert', 'full', '--triggers', join(folder, 'plain.json')),
    evals('--help'),
  ])
  expect(xml).toEqual({ code: 0, out: '', err: `written to ${output}\n` })
  expect(readFileSync(output, 'utf8')).toMatch(/^<\?xml [^]*<\/testsuites>\n$/)
  expect(JSON.parse(full!.out)).toMatchObject([
    { id: 'prompt-1', should_trigger: true, expected_skill: 'backend-design' },
    { id: 'prompt-2', expected_skill: null },
  ])
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help!.out).toContain('Examples:')
})

test('--calibrate writes the thresholds it then meets', async () => {
  const thresholds = join(folderWith({ 't.json': readFileSync(join(root, 'evals/thresholds.json')) }), 't.json')
  for (const file of [thresholds, thresholds.replace('t.json', 'new.json')]) {
    const { code, err } = await evals('--calibrate', '--thresholds', file)
    expect({ code, err }).toEqual({ code: 0, err: `written to ${file}\n` })
  }
  expect(readFileSync(thresholds.replace('t.json', 'new.json'), 'utf8')).toBe(readFileSync(thresholds, 'utf8'))
})
