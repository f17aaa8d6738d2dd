import { testFixtures } from '../core/testing.ts'
import { rule } from './fences.ts'

const unclosed = 'the code fence is never closed; add the closing fence'

testFixtures(rule, {
  'error-empty-reason': ['SKILL.md:6:1 unchecked lacks its reason; write unchecked="why it is not run"'],
  'error-no-language': ['SKILL.md:10:1 the code fence has no language; name it (text for output)'],
  'error-unclosed-in-list.md': [`SKILL.md:8:3 ${unclosed}`],
  'error-unclosed.md': [`SKILL.md:8:1 ${unclosed}`],
  'error-undeclared': [
    'SKILL.md:10:1 nothing proves this ts fence; give it file=…, bad=… or unchecked="reason"',
    'SKILL.md:14:3 nothing proves this js fence; give it file=…, bad=… or unchecked="reason"',
  ],
  'valid-closed-shapes.md': [],
  'valid-crlf.md': [],
  'valid-declared': [],
  'valid-no-repository.md': [],
  'valid-readme-is-free': [],
})
