import { testFixtures } from '../core/testing.ts'
import { rule } from './contents.ts'

const long = (limit: number) =>
  `a reference of more than ${limit} lines needs a list below "## Contents", so that a partial read shows what there is; add it`

testFixtures(rule, {
  'error-lacks.md': ['SKILL.md:14:1 the contents list lacks "Second & last"; add it'],
  'error-one-without': [`references/a.md:1:1 ${long(100)}`, `references/b.md:1:1 ${long(100)}`],
  'error-order.md': [
    'SKILL.md:15:1 "Second" stands elsewhere in the contents list; keep the order of the headings',
  ],
  'error-text.md': ['SKILL.md:10:3 the contents list says "Begin", the heading "First"; make them equal'],
  'error-very-long': [`references/a.md:1:1 ${long(300)}`],
  'valid-files.md': [],
  'valid-labels-only.md': [],
  'valid-nested-under-title.md': [],
  'valid-none.md': [],
  'valid-prose.md': [],
  'valid-short-labels.md': [],
  'valid-true.md': [],
})
