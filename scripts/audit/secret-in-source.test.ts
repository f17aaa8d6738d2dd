import { rule } from './secret-in-source.ts'
import { testRule } from './testing.ts'

const noise = 'q7Rk2ZpV9sXwB4nTj8LmC5dY3hGf6KaE9uQoWi'

testRule(rule, [
  ['known shapes', `const server = 'sk_live_${noise.slice(0, 24)}'\nconst b = "postgres://owner:npg_${noise.slice(0, 12)}@ep-cool-1.eu.neon.tech/db"\nconst c = \`AKIA${'Q7RKZ2PV9SXWB4NT'}\``, [
    'server/api.ts:1:16 error this looks like a live key of Stripe or Clerk; revoke it and read it from the environment',
    'server/api.ts:2:11 error this looks like a password in a connection string; revoke it and read it from the environment',
    'server/api.ts:3:11 error this looks like an AWS access key; revoke it and read it from the environment',
  ]],
  ['a fallback', "const jwt = process.env.JWT_SECRET || 'super-secret'\nconst k = env.API_KEY ?? 'dev-key'", [
    'server/api.ts:1:39 error process.env.JWT_SECRET falls back to a text that everybody can read; stop at start-up when it is missing',
    'server/api.ts:2:26 error env.API_KEY falls back to a text that everybody can read; stop at start-up when it is missing',
  ]],
  ['placeholders, local databases, public keys, names', "const a = 'sk_live_example00000000000000'\nconst server = 'postgres://app:application@localhost:5432/db'\nconst c = process.env.PORT || '3000'\nconst d = env.CLERK_PUBLISHABLE_KEY ?? 'pk_test_x'\nconst e = process.env.API_KEY ?? ''\nconst f = process.env.API_KEY || 'NOT-DEFINED'", []],
])
