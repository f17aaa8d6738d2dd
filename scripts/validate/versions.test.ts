import { testFixtures } from '../core/testing.ts'
import { rule } from './versions.ts'

testFixtures(rule, {
  'error-drift': [
    'references/b.md:3:1 the "Verified with" line names no `package@version`; name at least one',
    'references/c.md:1:1 no "**Verified with**" line; name the packages and versions the page was checked with',
    'references/a.md:3:19 verified with hono@4.12.0, package.json has 4.13.19; check the page again and run npm run versions',
    'references/a.md:4:28 drizzle-orm is not pinned in package.json; add it or drop it from the line',
  ],
  'error-elsewhere': [
    'SKILL.md:4:53 states bun 1.3, package.json has 1.4; run npm run versions',
    'SKILL.md:4:73 states @trpc/server 11.24, package.json has 11.25; run npm run versions',
    'examples/shop/package.json:5:5 states hono 4.13.18, package.json has 4.13.19; run npm run versions',
    'README.md:4:1 the version table differs from package.json and the "Verified with" lines; run npm run versions',
  ],
  'valid-agrees': [],
  'valid-elsewhere': [],
  'valid-no-lines': [],
  'valid-no-package': [],
  'valid-requirement': [],
})
