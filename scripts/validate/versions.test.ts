import { testFixtures } from '../core/testing.ts'
import { rule } from './versions.ts'

testFixtures(rule, {
  'error-drift': [
    'references/a.md:3:19 verified with hono@4.12.0, package.json has 4.13.19; check the page again and update the line',
    'references/a.md:4:28 drizzle-orm is not pinned in package.json; add it or drop it from the line',
    'references/b.md:3:1 the "Verified with" line names no `package@version`; name at least one',
    'references/c.md:1:1 no "**Verified with**" line; name the packages and versions the page was checked with',
  ],
  'valid-agrees': [],
  'valid-no-lines': [],
  'valid-no-package': [],
})
