import { expect, test } from 'vitest'
import { rule } from './disable-comment.ts'
import { findingsOn, testRule } from './testing.ts'
import { audit } from './engine/run.ts'
import { folderWith } from '../core/testing.ts'
import { stack } from './testing.ts'

testRule(rule, [
  ['no rule, unknown rule, no reason', "// audit-disable-next-line\n// audit-disable-next-line outbound-timeout: because\n// audit-disable-next-line outbound-without-timeout\nawait fetch(url)", [
    'server/api.ts:1:1 error name the rule and why: audit-disable-next-line <rule>: <reason>',
    'server/api.ts:2:1 error there is no rule "outbound-timeout"; see --list',
    'server/api.ts:3:1 error say why "outbound-without-timeout" is disabled: audit-disable-next-line outbound-without-timeout: <reason>',
  ]],
  ['a near name is proposed', '// audit-disable-line fk-without-indx: x', ['server/api.ts:1:1 error there is no rule "fk-without-indx"; did you mean "fk-without-index"?']],
  ['the word in a string', "const server = 'audit-disable'", []],
])

const run = async (text: string) => {
  const { files } = await audit(folderWith({ 'package.json': stack, 'server/a.ts': text }), { rules: {}, ignore: [] })
  return files.flatMap(({ messages }) => messages.map(({ line, ruleId, reason }) => `${line} ${ruleId} ${reason}`))
}

test('each form hides what it names and nothing else', async () => {
  expect(await run('// audit-disable-next-line outbound-without-timeout: the gateway has one\nawait fetch(url)')).toEqual([])
  expect(await run('await fetch(url) // audit-disable-line outbound-without-timeout: the gateway has one')).toEqual([])
  expect(await run('/* audit-disable-file outbound-without-timeout: the gateway has one */\n\nawait fetch(url)\nawait fetch(url)')).toEqual([])
  expect(await run('// audit-disable-next-line outbound-without-timeout: the gateway has one\nawait fetch(url)\nawait fetch(url)'))
    .toEqual(['3 outbound-without-timeout fetch() without signal waits for ever; pass signal: AbortSignal.timeout(ms)'])
})

test('a comment without effect is told when its rule ran', async () => {
  const text = '// audit-disable-next-line outbound-without-timeout: old\nconst server = 1'
  expect(await run(text)).toEqual(['1 disable-comment this comment disables "outbound-without-timeout", which finds nothing here; delete it'])
  expect(await findingsOn(rule, { 'server/a.ts': text })).toEqual([])
})
