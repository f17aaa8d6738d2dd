import { testFixtures } from '../core/testing.ts'
import { rule } from './trigger-conflict.ts'

testFixtures(rule, {
  'error-same-words.md': [
    'SKILL.md:8:1 this symptom says what line 14 excludes (lost, webhook); reword one',
    'SKILL.md:9:1 this symptom says what line 13 excludes (slow, query); reword one',
  ],
  'valid-apart.md': [],
})
