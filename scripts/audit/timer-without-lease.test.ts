import { rule } from './timer-without-lease.ts'
import { testRule } from './testing.ts'

const message = (how: string) => `${how} runs on every instance and is lost with the process; claim a unique (job, slot) row first`

testRule(rule, [
  ['an interval, a cron, a function by name', "import cron from 'node-cron'\nsetInterval(async () => { await sendReminders() }, 86_400_000)\ncron.schedule('0 3 * * *', async () => { await db.insert(reports).values(x) })\nBun.cron('0 * * * *', generateDigest)", [
    `server/api.ts:2:1 warning ${message('setInterval')}`, `server/api.ts:3:1 warning ${message('cron.schedule')}`, `server/api.ts:4:1 warning ${message('Bun.cron')}`,
  ]],
  ['housekeeping of one process, a ping of one stream', "setInterval(() => cache.clear(), 1000)\nsetInterval(() => { for (const [k, v] of sessions) if (old(v)) sessions.delete(k) }, 1000)\napp.get('/s', (c) => streamSSE(c, async (stream) => { const t = setInterval(() => stream.writeSSE({ event: 'ping' }), 1000) }))\nsetInterval(report, 1000)\nfunction report() { gauge.set(1) }", []],
  ['a daemon that looks after its own state', 'setInterval(() => { void this.syncBranches() }, 1000)', []],
  ['with a lease', "setInterval(async () => { if (await claimSlot('digest')) await sendDigest() }, 60_000)", []],
])
