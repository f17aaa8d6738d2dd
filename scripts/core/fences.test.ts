import { expect, test } from 'vitest'
import { loadBundle } from './bundle.ts'
import { fenceProof, fencesOf } from './fences.ts'
import { folderWith, skillMd } from './testing.ts'

test.each<[string, string, Record<string, string>, string, string]>([
  ['ts file=examples/a.ts#part', 'ts', { file: 'examples/a.ts#part' }, '', 'quoted'],
  ['ts bad=raw-client', 'ts', { bad: 'raw-client' }, '', 'anti-example'],
  ['ts unchecked="needs a server, and = signs"', 'ts', { unchecked: 'needs a server, and = signs' }, '', 'unchecked'],
  ['ts unchecked=""', 'ts', { unchecked: '' }, '', 'unchecked'],
  ['sql error=23505', 'sql', { error: '23505' }, '', 'run'],
  ['sh', 'sh', {}, '', 'run'],
  ['ts run=express-proxy', 'ts', { run: 'express-proxy' }, '', 'run'],
  ['json run=workspace', 'json', { run: 'workspace' }, '', 'run'],
  ['text', 'text', {}, '', 'text'],
  ['ts {1,3} title="a b" more', 'ts', { title: 'a b' }, '{1,3}  more', 'none'],
  ['json', 'json', {}, '', 'none'],
  ['', '', {}, '', 'none'],
])('%s', (info, lang, attributes, rest, proof) => {
  const [fence] = fencesOf(loadBundle(folderWith({ 'SKILL.md': skillMd(`\`\`\`${info}\nx\n\`\`\`\n`) })).skill)
  expect({ lang: fence!.lang, attributes: fence!.attributes, rest: fence!.rest, proof: fenceProof(fence!) }).toEqual({
    lang,
    attributes,
    rest,
    proof,
  })
})
