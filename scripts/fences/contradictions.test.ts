import { describe, expect, test } from 'vitest'
import { samples } from './contradictions.samples.ts'
import { contradictions, wrongForms, type WrongForm } from './contradictions.ts'
import { documentOf, guideDocuments } from './documents.ts'

const documents = guideDocuments()

describe('no wrong form comes back', () => {
  test.each(contradictions.map((check) => [`${check.number}: ${check.form}`, check] as const))('%s', (_, check) => {
    expect(documents.flatMap((document) => wrongForms(check, document))).toEqual([])
  })
})

test('16: a reference names @clerk/hono', () => {
  expect(documents.some(({ path, text }) => path !== 'SKILL.md' && text.includes('`@clerk/hono`'))).toBe(true)
})

test('1 to 17 all have a check', () => {
  const numbers = new Set(contradictions.map(({ number }) => number))
  expect([...numbers]).toEqual(Array.from({ length: 17 }, (_, index) => index + 1))
})

describe('each check can fail', () => {
  test.each(contradictions.map((check) => [check.form, check] as const))('%s', (form, check) => {
    const { code = [], prose = [], right = [] } = samples[form] ?? {}
    expect(code.length + prose.length).toBeGreaterThan(0)
    for (const [lang, text] of code) {
      expect(inReference(check, fence(lang, text))).not.toEqual([])
      expect(inReference(check, fence(`${lang} bad=some-flag`, text))).toEqual([])
    }
    for (const text of prose) {
      expect(inReference(check, text)).toEqual([`references/fake.md:3 ${form}`])
      if (form === 'a link that leads out of the skill') continue
      expect(inReference(check, table('Commonly written', 'True now', text, 'other'))).toEqual([])
      expect(inReference(check, table('Do', "Don't", 'other', text))).toEqual([])
      expect(inReference(check, table('Do', "Don't", text, 'other'))).toEqual([`references/fake.md:5 ${form}`])
    }
    for (const text of right) expect(inReference(check, text)).toEqual([])
  })
})

test('every sample belongs to a check', () => {
  expect(Object.keys(samples).sort()).toEqual(contradictions.map(({ form }) => form).sort())
})

function fence(info: string, text: string): string {
  return `\`\`\`${info}\n${text}\n\`\`\``
}

function table(...cells: [string, string, string, string]): string {
  const [first, second, third, fourth] = cells
  return `| ${first} | ${second} |\n| --- | --- |\n| ${third} | ${fourth} |`
}

function inReference(check: WrongForm, text: string): string[] {
  return wrongForms(check, documentOf('references/fake.md', `# Fake\n\n${text}\n`))
}
