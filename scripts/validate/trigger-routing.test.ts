import { testFixtures } from '../core/testing.ts'
import { rule } from './trigger-routing.ts'

testFixtures(rule, {
  'error-rows': [
    'SKILL.md:10:1 this row has no bold label; begin it with the symptom in bold',
    'SKILL.md:11:1 two rows are labelled "webhook-lost"; rename or merge them',
    'SKILL.md:12:1 this symptom leads to no reference; link one',
    'SKILL.md:13:1 this symptom leads to 3 references, 2 at most; choose',
    'SKILL.md:8:1 no symptom of the routing table leads to references/d.md; add a row or delete the file',
  ],
  'valid-forms': [],
  'valid-other-table': [],
})
