import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './secrets.ts'

testFixtures(rule, { 'valid-documented.md': [], 'valid-words.md': [] })

/** Put together here, since hosts refuse a push that holds a credential, be it a made-up one. */
const noise = 'q7Rk2ZpV9sXwB4nTj8LmC5dY3hGf6KaE1uQoWi'
const table: [string, string][] = [
  ['an AWS access key', `AKIA${'Q7RKZ2PV9SXWB4NT'}`],
  ['a GitHub token', `ghp_${noise.slice(0, 36)}`],
  ['a GitHub token', `github_pat_${noise}${noise}`],
  ['an npm token', `npm_${noise.slice(0, 36)}`],
  ['a Slack token', `xoxb-${'7351926804-8264'}-${noise.slice(0, 24)}`],
  ['a Stripe or Clerk live key', `sk_live_${noise.slice(0, 24)}`],
  ['a Stripe or Clerk live key', `rk_live_${noise.slice(0, 24)}`],
  ['a webhook signing secret', `whsec_${noise.slice(0, 32)}`],
  ['an Anthropic key', `sk-ant-api03-${noise}_${noise}`],
  ['an OpenAI key', `sk-proj-${noise}-${noise}`],
  ['a Google API key', `AIza${noise.slice(0, 35)}`],
  ['a private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${noise}${noise}\n-----END OPENSSH PRIVATE KEY-----`],
  ['a private key', `"-----BEGIN PRIVATE KEY-----\\n${noise}${noise}"`],
  [
    'a password in a connection string',
    `postgresql://owner:npg_${noise.slice(0, 12)}@ep-cool-1.eu-central-1.aws.neon.tech/db`,
  ],
  ['a password in a connection string', `rediss://:${noise.slice(0, 20)}@cache.acme.io:6379`],
]

test.each(table)('%s: %s', async (what, secret) => {
  const column = secret.startsWith('"') ? 2 : 1
  const root = folderWith({ 'SKILL.md': skillMd(`\`\`\`text\n${secret}\n\`\`\`\n`), 'notes.md': '# Fine\n' })
  expect(await findingsIn(rule, root)).toEqual([
    `SKILL.md:7:${column} this looks like ${what}; revoke it and write a placeholder such as <KEY>`,
  ])
})

test('patterns are linear', async () => {
  const bundle = loadBundle(
    folderWith({
      'SKILL.md': skillMd(
        ['sk-', 'xoxb-', 'redis://', '-----BEGIN PRIVATE KEY-----\n', 'AKIA']
          .map((part) => part.repeat(45_000 / part.length))
          .join('\n\n'),
      ),
    }),
  )
  expect(bundle.skill.problem).toBeUndefined()
  expect(await runRule(rule, bundle, defaults)).toEqual([])
})
