import { testFixtures } from '../core/testing.ts'
import { rule } from './trigger-prompts.ts'

const file = 'evals/triggers.json'

testFixtures(rule, {
  'error-missing-file': [
    `SKILL.md:1:1 the routing table has symptoms, but there is no ${file}; write prompts for them`,
  ],
  'error-not-json': [`${file}:1:1 not JSON (Unexpected token '}', "[{"id": }]\\u{a}" is not valid JSON); correct it`],
  'error-references': [
    `${file}:87:1 "wrong": the routing table has no symptom "no-such"; correct it or add the row`,
    `${file}:87:1 "wrong": there is no skill "ghost" in evals/catalog; correct it or add the skill`,
    `${file}:87:1 "wrong": there is no references/x.md; correct it`,
    `${file}:87:1 "wrong": there is no references/y.md; correct it`,
  ],
  'error-same-id': [`${file}:31:1 prompts 1 and 3 share the id "webhook-lost-0"; rename one`],
  'error-schema': [`${file}:17:1 prompt 2, id: lowercase words joined by hyphens are due`],
  'error-too-few': [
    'SKILL.md:9:1 the symptom "slow-query" has 3 prompts in 1 of 2 splits; write at least 3, some in each',
    `${file}:1:1 no prompt requires c.md; write some`,
  ],
  'valid-complete': [],
  'valid-foreign': [],
  'valid-nothing': [],
  'valid-plain': [],
})
