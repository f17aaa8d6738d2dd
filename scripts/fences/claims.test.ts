import { expect, test } from 'vitest'
import { claimed } from './claims.ts'
import { documentOf } from './documents.ts'

const documents = [documentOf('references/fake.md', '# Fake\n\nAn index is\nused.\n')]

test('a sentence that the document holds, across lines', () => {
  expect(() => claimed('references/fake.md', 'An index is used.', documents)).not.toThrow()
})

test('a sentence that was changed', () => {
  expect(() => claimed('references/fake.md', 'An index is scanned.', documents)).toThrow(
    'references/fake.md no longer says "An index is scanned."; prove what it says now, or restore it',
  )
})

test('a document that is not there', () => {
  expect(() => claimed('references/gone.md', 'An index is used.', documents)).toThrow('references/gone.md is no document')
})
