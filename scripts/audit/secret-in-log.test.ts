import { rule } from './secret-in-log.ts'
import { testRule } from './testing.ts'

const message = (name: string) => `${name} goes to the log; leave it out and rotate it if it ran in production`

testRule(rule, [
  ['values', "console.log('login', password)\nlogger.info({ token: user.accessToken }, 'x')\nctx.log.debug(`key ${env.STRIPE_SECRET_KEY}`)\nconsole.log(process.env)\nlog.error(JSON.stringify({ apiKey }))", [
    `server/api.ts:1:22 error ${message('password')}`, `server/api.ts:2:22 error ${message('user.accessToken')}`, `server/api.ts:3:22 error ${message('env.STRIPE_SECRET_KEY')}`,
    `server/api.ts:4:13 error ${message('process.env')}`, `server/api.ts:5:28 error ${message('apiKey')}`,
  ]],
  ['facts about values', "console.log(`same: ${sameSecret}`)\nconsole.log('set', !!password, apiKey.length, mask(token), process.env.NODE_ENV)\nlog.info({ hasSecret: Boolean(secret), tokenId, password: '[redacted]' })\nconsole.error('password is wrong')\nconsole.log(secret ? 'set' : 'missing')", []],
])
