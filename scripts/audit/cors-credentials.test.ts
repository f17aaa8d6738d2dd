import { rule } from './cors-credentials.ts'
import { testRule } from './testing.ts'

const head = "import { cors } from 'hono/cors'\n"

testRule(rule, [
  ['wildcard, fallback, reflection, default', `${head}app.use(cors({ origin: '*', credentials: true }))
app.use(cors({ origin: env.ORIGIN ?? '*', credentials: true }))
app.use(cors({ origin: (origin) => origin, credentials: true }))
app.use(cors({ origin: (o) => { return o || '' }, credentials: true }))
app.use(cors({ credentials: true }))
const options = { origin: ['*'], credentials: true }\napp.use(cors(options))`, [
    'server/api.ts:2:24 error credentials with the origin "*", which browsers refuse; list the origins and return only those',
    'server/api.ts:3:24 error credentials with the origin "*" whenever the setting is missing; list the origins and return only those',
    'server/api.ts:4:24 error credentials with an origin that reflects whatever is sent; list the origins and return only those',
    'server/api.ts:5:24 error credentials with an origin that reflects whatever is sent; list the origins and return only those',
    'server/api.ts:6:9 error credentials with the default origin "*": browsers refuse the answer; list the origins',
    'server/api.ts:7:27 error credentials with the origin "*" in the list; list the origins and return only those',
  ]],
  ['a list, a check, no credentials', `${head}app.use(cors({ origin: ['https://a.example'], credentials: true }))
app.use(cors({ origin: (origin) => (allowed.has(origin) ? origin : null), credentials: true }))
app.use(cors({ origin: env.ORIGINS, credentials: true }))
app.use(cors({ origin: '*' }))\napp.use(cors())`, []],
])
