import { test } from 'vitest'
import { fixturesOf, onFixture } from '../core/testing.ts'
import { rule as links } from './links.ts'
import { rule as anchors } from './anchors.ts'
import { rule as escape } from './link-escape.ts'
import { rule as orphans } from './orphans.ts'
import { rule as depth } from './depth.ts'
test('dump', async () => {
  for (const rule of [links, anchors, escape, orphans, depth]) for (const name of fixturesOf(rule)) {
    console.log(rule.id, name, '\n' + (await onFixture(rule, name)).map((l) => `    '${l.replaceAll("'", "\\'")}',`).join('\n'))
  }
})
