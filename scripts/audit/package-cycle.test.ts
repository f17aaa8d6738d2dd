import { rule } from './package-cycle.ts'
import { testRule } from './testing.ts'

const pkg = (name: string, ...needs: string[]) => `{\n  "name": "${name}",\n  "dependencies": {\n${needs.map((need) => `    "${need}": "workspace:*"`).join(',\n')}\n  }\n}`

testRule(rule, [
  ['two and three', { 'package.json': '{}', 'apps/api/package.json': pkg('@repo/api', 'hono', '@repo/shared'), 'packages/shared/package.json': pkg('@repo/shared', '@repo/api'), 'packages/a/package.json': pkg('a', 'b'), 'packages/b/package.json': pkg('b', 'c'), 'packages/c/package.json': pkg('c', 'a') }, [
    'apps/api/package.json:5:5 error @repo/api → @repo/shared → @repo/api is a circle; let dependencies point one way',
    'packages/a/package.json:4:5 error a → b → c → a is a circle; let dependencies point one way',
  ]],
  ['one way', { 'apps/api/package.json': pkg('@repo/api', '@repo/shared'), 'apps/web/package.json': pkg('@repo/web', '@repo/api', '@repo/shared'), 'packages/shared/package.json': pkg('@repo/shared', 'zod') }, []],
])
