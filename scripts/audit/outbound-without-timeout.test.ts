import { rule } from './outbound-without-timeout.ts'
import { testRule } from './testing.ts'

const message = 'fetch() without signal waits for ever; pass signal: AbortSignal.timeout(ms)'

testRule(rule, [
  ['without options, with options, with options of a constant', "const res = await fetch('https://api.example.com')\nawait fetch(url, { method: 'POST' })\nconst init = { headers }\nawait fetch(`${base}/x`, init)", [
    `server/api.ts:1:19 error ${message}`, `server/api.ts:2:7 error ${message}`, `server/api.ts:4:7 error ${message}`,
  ]],
  ['axios', "import axios from 'axios'\nconst client = axios.create({ baseURL })\nawait axios.get(url)\nawait axios.post(url, body, { headers })", [
    'server/api.ts:2:16 error axios.create() without timeout waits for ever; pass timeout: ms',
    'server/api.ts:3:7 error axios.get() without timeout waits for ever; pass timeout: ms',
    'server/api.ts:4:7 error axios.post() without timeout waits for ever; pass timeout: ms',
  ]],
  ['a deadline in each form', "await fetch(url, { signal })\nawait fetch(url, { ...init })\nawait fetch(url, init)\nawait fetch(c.req.raw)\nawait fetch(new Request(url, { signal }))\nawait withTimeout(fetch(url), 1000)\nawait Promise.race([fetch(url), late])", []],
  ['another fetch, and none of the network', "import { fetch } from './http'\nawait fetch(url)", []],
  ['a parameter called fetch, an app in a test harness', 'export const make = (fetch: F) => fetch(url)\napp.fetch(url)\nfetch("/local")\nfetch(new URL("./a.ttf", import.meta.url))\nconst own = `http://127.0.0.1:${port}/x`\nfetch(own)\nfetch(url, { credentials: "include" })', []],
  ['axios with timeout', "import axios from 'axios'\nconst client = axios.create({ baseURL, timeout: 5000 })\nawait client.get(url)\nawait axios.get(url, { timeout: 1 })", []],
  ['browser and scripts', { 'web/a.tsx': "'use client'\nfetch(url)", 'scripts/pull.ts': 'await fetch(url)' }, []],
])
