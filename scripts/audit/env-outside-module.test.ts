import { rule } from './env-outside-module.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['one finding for a file', "const a = process.env.STRIPE_KEY\nconst b = process.env.STRIPE_KEY + Bun.env['OTHER']", ['server/api.ts:1:11 warning STRIPE_KEY, OTHER read from the environment here; parse it once in the env module and import the result']],
  ['the env module, configuration files, what the platform sets', { 'server/env.ts': 'export const env = schema.parse({ a: process.env.A })', 'server/config/index.ts': 'export const a = process.env.A', 'drizzle.config.ts': 'export default { url: process.env.DATABASE_URL }', 'server/a.ts': "if (process.env.NODE_ENV === 'production') start(process.env.PORT)\nexport const all = schema.parse(process.env)" }, []],
])
