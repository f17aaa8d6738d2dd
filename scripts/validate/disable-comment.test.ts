import { expect, test } from 'vitest'
import { defaults } from '../core/config.ts'
import { validate } from '../core/run.ts'
import { validateSkill } from '../core/skill.ts'
import { copyOfFixture, fixturesOf, folderWith, skillMd } from '../core/testing.ts'
import { rule } from './disable-comment.ts'

const piped =
  'pipe-to-shell a download is piped into an interpreter; download, check, then run, or use a package manager'

const table: Record<string, string[]> = {
  'error-no-reason-file.md': [
    `8:1 ${piped}`,
    '11:1 disable-comment say why "pipe-to-shell" is disabled: <!-- validate-disable pipe-to-shell: reason -->',
  ],
  'error-no-reason.md': [
    `10:1 ${piped}`,
    '6:1 disable-comment say why "pipe-to-shell" is disabled: <!-- validate-disable pipe-to-shell: reason -->',
  ],
  'error-only-next-block.md': [`15:1 ${piped}`],
  'error-unknown.md': [
    '6:1 disable-comment there is no rule "pipe-to-shel"; did you mean "pipe-to-shell"?',
    '8:1 disable-comment there is no rule "quite-something-else"; name one that --help lists',
    '10:1 disable-comment there is no rule ""; name one that --help lists',
  ],
  'error-unused.md': [
    '6:1 disable-comment this comment disables "pipe-to-shell", which finds nothing here; delete it',
    '10:1 disable-comment this comment disables "secrets", which finds nothing here; delete it',
  ],
  'error-wrong-place.md': [
    `8:1 ${piped}`,
    '11:1 disable-comment this comment disables "pipe-to-shell", which finds nothing here; delete it',
  ],
  'valid-in-cell.md': [],
  'valid-no-blank-line.md': [],
  'valid-other-comment.md': [],
  'valid-reason.md': [],
  'valid-several-lines.md': [],
  'valid-two-comments.md': [],
  'valid-whole-file.md': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  const { findings } = await validateSkill(copyOfFixture(rule, name), defaults)
  expect(findings.map(([, { line, column, ruleId, reason }]) => `${line}:${column} ${ruleId} ${reason}`)).toEqual(
    expected,
  )
})

const unused = skillMd('<!-- validate-disable secrets: none -->\n\nText.\n\n<!-- validate-disable nothing: none -->\n')

test.each<[string, Parameters<typeof validateSkill>[1], string[] | undefined, number]>([
  ['all rules', defaults, undefined, 2],
  ['only another rule', defaults, ['pipe-to-shell'], 0],
  ['only this rule', defaults, ['disable-comment'], 1],
  ['the disabled rule is off', { ...defaults, rules: { secrets: 'off' } }, undefined, 1],
  ['this rule is off', { ...defaults, rules: { 'disable-comment': 'off' } }, undefined, 0],
])('what did not run is not judged: %s', async (_, config, only, count) => {
  expect((await validateSkill(folderWith({ 'SKILL.md': unused }), config, only)).findings).toHaveLength(count)
})

test('a check of the web is only judged when it runs', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('<!-- validate-disable external-links: down for repairs -->\n\nText.\n'),
  })
  expect((await validateSkill(root, defaults)).findings).toEqual([])
})

test('checks across skills respect the comment of the whole file', async () => {
  const body = '# A\n'
  const fields = (name: string) => `name: ${name}\ndescription: Extracts text and tables from documents of every kind.`
  const folder = (comment: string) =>
    folderWith(
      {
        'one/SKILL.md': skillMd(body, fields('one')),
        'other/SKILL.md': skillMd(body + comment, fields('other')),
      },
      'skills',
    )
  const run = async (comment: string) =>
    (await validate([folder(comment)], defaults)).files.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))
  expect(await run('')).toEqual(['similar-skills'])
  expect(await run('\n<!-- validate-disable-file similar-skills: kept for old clients -->\n')).toEqual([])
})
