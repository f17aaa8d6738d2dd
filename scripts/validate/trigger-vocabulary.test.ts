import { testFixtures } from '../core/testing.ts'
import { rule } from './trigger-vocabulary.ts'

testFixtures(rule, {
  'error-missing.md': [
    'SKILL.md:10:1 the description shares no word with this symptom; add words that people type for it',
    'SKILL.md:11:1 the description shares only "slow" with this symptom; add words that people type for it',
  ],
  'valid-no-description.md': [],
  'valid-no-labels.md': [],
  'valid-shared.md': [],
})
