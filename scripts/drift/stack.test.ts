import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { folderWith, skillMd } from '../core/testing.ts'
import { driftOf } from './compare.ts'
import { stackOf } from './stack.ts'

const pin = { name: 'a', pinned: '4.13.0', references: [] }

test('the stack: named in lines, compatibility or examples, with the pages that name or import it', () => {
  const root = folderWith({
    'SKILL.md': skillMd('[a](references/a.md)\n', 'name: demo\ndescription: Demo.\ncompatibility: "Verified with Bun 1.4."'),
    'package.json': JSON.stringify({ name: 'demo', devDependencies: {
      hono: '4.13.0', bun: '1.4.5', pg: '8.23.1', zod: '^4.6.7', vitest: '4.1.12', '@trpc/server': '11.25.2',
    } }),
    'references/a.md': '# A\n\n**Verified with** `hono@4.13.0`, `zod@4.6.7`, `unknown@1.0.0`.\n\n```ts file=examples/shop/app.ts#part\nx\n```\n',
    'references/b.md': "# B\n\n**Verified with** `hono@4.13.0`.\n\n```ts\nimport { Pool } from 'pg'\nnew Pool()\n```\n",
    'examples/shop/package.json': '{ "dependencies": { "pg": "8.23.1", "@trpc/server": "11.25.2", "other": "1.0.0" } }',
    'examples/shop/app.ts': "import pg from 'pg'\nimport { initTRPC } from '@trpc/server/unstable-core-do-not-import'\n// #region part\nexport const t = initTRPC.create()\n// #endregion\nexport const pool = new pg.Pool()\n",
  })
  expect(stackOf(loadBundle(root))).toEqual([
    { name: '@trpc/server', pinned: '11.25.2', references: ['references/a.md'] },
    { name: 'bun', pinned: '1.4.5', references: ['SKILL.md'] },
    { name: 'hono', pinned: '4.13.0', references: ['references/a.md', 'references/b.md'] },
    { name: 'pg', pinned: '8.23.1', references: ['references/b.md'] },
  ])
})

test.each([
  ['5.0.0', 'major'],
  ['4.14.0', 'minor'],
  ['4.13.1', 'patch'],
  ['5.0.0-rc.1', 'major'],
])('%s is a newer %s', (latest, kind) => {
  expect(driftOf(pin, { latest, released: undefined, isPinnedThere: true })?.kind).toBe(kind)
})

test.each(['4.13.0', '4.12.9', '4.13.0-rc.1'])('%s is not newer', (latest) => {
  expect(driftOf(pin, { latest, released: undefined, isPinnedThere: true })).toBeUndefined()
})

test('a later prerelease of the same version', () => {
  const beta = { ...pin, pinned: '18.4.0-beta.17' }
  expect(driftOf(beta, { latest: '18.4.0-beta.18', released: undefined, isPinnedThere: true })?.kind).toBe('prerelease')
})
