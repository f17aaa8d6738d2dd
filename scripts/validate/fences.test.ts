import { testFixtures } from '../core/testing.ts'
import { rule } from './fences.ts'

const unclosed = 'the code fence is never closed; add the closing fence'

testFixtures(rule, {
  'error-empty-reason': ['SKILL.md:6:1 unchecked lacks its reason; write unchecked="why it is not run"'],
  'error-no-language': ['SKILL.md:10:1 the code fence has no language; name it (text for output)'],
  'error-unclosed-in-list.md': [`SKILL.md:8:3 ${unclosed}`],
  'error-unclosed.md': [`SKILL.md:8:1 ${unclosed}`],
  'error-undeclared': [
    'SKILL.md:10:1 nothing proves this ts fence; give it file=…, run=…, bad=… or unchecked="reason"',
    'SKILL.md:14:3 nothing proves this js fence; give it file=…, run=…, bad=… or unchecked="reason"',
  ],
  'error-run': [
    'SKILL.md:6:1 run=unlisted is not listed in scripts/fences/runs.json; list it there with the test that executes this fence',
    'SKILL.md:10:1 run=lost: there is no scripts/fences/lost.test.ts; correct scripts/fences/runs.json or write the test',
    'SKILL.md:14:1 run=elsewhere: scripts/fences/elsewhere.test.ts does not mention SKILL.md, so it cannot execute this fence; take the fence from there',
    'SKILL.md:18:1 run=nameless: scripts/fences/nameless.test.ts does not mention nameless, so it cannot execute this fence; take the fence from there',
    'SKILL.md:22:1 run=outside: there is no ../outside.test.ts; correct scripts/fences/runs.json or write the test',
    'scripts/fences/runs.json:1:1 no fence has run=stale; remove the line, or give the fence that scripts/fences/elsewhere.test.ts executes this name',
  ],
  'valid-closed-shapes.md': [],
  'valid-crlf.md': [],
  'valid-declared': [],
  'valid-no-repository.md': [],
  'valid-readme-is-free': [],
  'valid-run': [],
})
