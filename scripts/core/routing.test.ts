import { expect, test } from 'vitest'
import { loadBundle } from './bundle.ts'
import { exclusionsOf, routesOf } from './routing.ts'
import { folderWith, skillMd } from './testing.ts'

const skillWith = (body: string) => loadBundle(folderWith({ 'SKILL.md': skillMd(body) })).skill

test('rows of the routing table', () => {
  const skill = skillWith(
    '| Open when you need to … | Note | Read |\n| --- | --- | --- |\n| **Slow DB:** a `slow` query | x | [a](references/a.md#x), [a](./references/a.md), [web](https://a.example/references/b.md) |\n',
  )
  expect(routesOf(skill).map(({ position, ...route }) => ({ ...route, line: position.start.line }))).toEqual([
    { symptom: 'slow-db', text: 'Slow DB: a slow query', references: ['a.md'], line: 8 },
  ])
})

test.each([
  ['another header', '| Symptom | Read |\n| --- | --- |\n| **a** | [a](references/a.md) |\n'],
  ['no labels', '| Open when … | Read |\n| --- | --- |\n| a | [a](references/a.md) |\n'],
  ['no rows', '| Open when … | Read |\n| --- | --- |\n'],
  ['a fence', '```md\n| Open when … | Read |\n| --- | --- |\n| **a** | b |\n```\n'],
])('no routing table: %s', (_, body) => expect(routesOf(skillWith(body))).toEqual([]))

test('exclusions are the words before the arrow, below the one heading', () => {
  const skill = skillWith(
    '## When NOT to use\n\nNever for:\n\n- Frontend styling → `frontend-rules`\n- Planning\n\n## When nothing helps\n\n- Restart\n',
  )
  expect(exclusionsOf(skill).map(({ text, stems }) => [text, stems])).toEqual([
    ['Frontend styling → frontend-rules', ['frontend', 'styl']],
    ['Planning', ['plann']],
  ])
})
