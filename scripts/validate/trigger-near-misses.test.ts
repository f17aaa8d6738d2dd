import { testFixtures } from '../core/testing.ts'
import { rule } from './trigger-near-misses.ts'

testFixtures(rule, {
  'error-neighbours': [
    'SKILL.md:13:13 the neighbour "frontend" has 1 near-miss prompts; write at least 2',
    'SKILL.md:13:27 the neighbour "designer" is not in evals/catalog; add its name and description',
    'SKILL.md:14:40 the neighbour "docker" has 1 near-miss prompts; write at least 2',
    'evals/triggers.json:1:1 no prompt belongs to the catalog skill "idle"; write a near-miss or remove the skill',
  ],
  'valid-covered': [],
  'valid-no-prompts.md': [],
  'valid-plain': [],
})
