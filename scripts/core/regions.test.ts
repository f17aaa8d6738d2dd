import { expect, test } from 'vitest'
import { fingerprint, regionNames, regionOf } from './regions.ts'

const source = `import { a } from 'a'

// #region outer
function f() {
  // #region inner
  const x = 1
  // #endregion
  return x
}
// #endregion

-- #region sql
select 1;
-- #endregion
// #region open
`

test('a region is the text between its markers, without the markers inside it', () => {
  expect(regionOf(source, 'outer')).toEqual({ text: 'function f() {\n  const x = 1\n  return x\n}', start: 4, end: 9 })
})

test('a nested region moves to column 1', () => {
  expect(regionOf(source, 'inner')).toEqual({ text: 'const x = 1', start: 6, end: 6 })
})

test('other comment styles mark regions too', () => {
  expect(regionOf(source, 'sql')?.text).toBe('select 1;')
})

test('a region that is missing or never closed is none', () => {
  expect(regionOf(source, 'open')).toBeUndefined()
  expect(regionOf(source, 'nope')).toBeUndefined()
})

test('without a name the whole file is quoted, markers dropped', () => {
  expect(regionOf('// #region a\nx\n// #endregion\n', '')?.text).toBe('x')
})

test('names are listed in order', () => {
  expect(regionNames(source)).toEqual(['outer', 'inner', 'sql', 'open'])
})

test('the fingerprint changes with the text', () => {
  expect(fingerprint('a')).not.toBe(fingerprint('b'))
  expect(fingerprint('a')).toBe(fingerprint('a'))
})
