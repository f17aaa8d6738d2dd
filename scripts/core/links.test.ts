import { expect, test } from 'vitest'
import { loadBundle } from './bundle.ts'
import { tagsOf } from './html.ts'
import { referencesOf, undefinedReferences } from './links.ts'
import { isOutput, pathsIn, wholePath } from './paths.ts'
import { folderWith, skillMd } from './testing.ts'

const load = (body: string) => loadBundle(folderWith({ 'SKILL.md': skillMd(body) })).skill
const summary = (body: string) =>
  referencesOf(load(body)).map(
    ({ kind, url, place: { start, end } }) => `${kind} ${url} ${start.line}:${start.column}-${end.line}:${end.column}`,
  )

test('every form of reference, with its place', () => {
  expect(
    summary(
      '[a](b.md "t") ![c](d.png)\n\n[e]: f.md\n\n<p>\n <a class=x HREF=\'g&amp;h.md\'>\n</p>\n\nscripts/i.py\n\nsee `references/j.md`\n',
    ),
  ).toEqual([
    'link b.md 6:1-6:14',
    'image d.png 6:15-6:26',
    'definition f.md 8:1-8:10',
    'html g&h.md 11:2-11:31',
    'path scripts/i.py 14:1-14:13',
    'mention references/j.md 16:5-16:22',
  ])
})

test('places are those of the file with CRLF and a byte order mark too', () => {
  const { skill } = loadBundle(
    folderWith({ 'SKILL.md': `\ufeff${skillMd('# A\n\nsee references/a.md\n').replaceAll('\n', '\r\n')}` }),
  )
  expect(referencesOf(skill).map(({ place }) => `${place.start.line}:${place.start.column}`)).toEqual(['8:5'])
})

test.each([
  '<a ',
  '<a x="',
  "<a x='",
  '<!--',
  '<style>',
  '<a b=c ',
  '<a          ',
  '<a href="x">',
  '<<<<',
  '</style',
  '<!-- --',
])('tags of many %j are read in linear time', (piece) => {
  const start = performance.now()
  tagsOf(piece.repeat(Math.floor(400_000 / piece.length)))
  expect(performance.now() - start).toBeLessThan(1_500)
})

test.each(['references/', 'references/a.', 'a/', '../', 'references/a.md ', 'scripts/-', 'save ', 'e.g. '])(
  'paths in many %j are read in linear time',
  (piece) => {
    const text = piece.repeat(Math.floor(100_000 / piece.length))
    const start = performance.now()
    pathsIn(text)
    wholePath(text.slice(0, 300))
    isOutput(text.slice(0, 160))
    expect(performance.now() - start).toBeLessThan(1_500)
  },
)

test.each(['[a][', '[a][b', '[\\', '[a]', '*[', '[[['])(
  'undefined references in many %j are read in linear time',
  (piece) => {
    const document = load(piece.repeat(1_000))
    const start = performance.now()
    undefinedReferences(document)
    expect(performance.now() - start).toBeLessThan(1_500)
  },
)

test.each([
  ['Save the result to ', true],
  ['The report is written to ', true],
  ['Creates ', true],
  ['such as ', true],
  ['There is no ', true],
  ['Copy the log to ', true],
  ['Read ', false],
  ['Copy ', false],
  ['Run ', false],
  ['If a form has fields, read ', false],
  ['Write tests first. Then read ', false],
  ['', false],
])('%j announces a file to come or an example: %s', (before, expected) => expect(isOutput(before)).toBe(expected))
