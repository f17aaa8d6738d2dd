const stopWords = new Set(
  (
    'a an and any are as at be but by can do does for from get had has have how if in into is it its of on or our ' +
    'so than that the their then there these they this to up use used using was we were what when where which while who why will with you your not no ' +
    'after also before between during each its most other over such through under until via ' +
    'again am been being both could did every he here just me must my need now only out own same she should some something still them too us very we would ' +
    'ao com como da das de dos ela ele em essa esse eu isso mais mas na nas nos os ou para pelo por pra quando que se sem seu sua tem um uma'
  ).split(' '),
)

/**
 * Content words of a text, lower-cased and cut to a crude stem, so that "webhooks" meets "webhook" and
 * "migrations" meets "migration". Accents fold; digits stay.
 */
export function stems(text: string): string[] {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  return words.filter((word) => word.length > 1 && !stopWords.has(word)).map(stem)
}

function stem(word: string): string {
  if (word.length <= 3) return word
  return word
    .replace(/ies$/, 'y')
    .replace(/(ss|us|is)$/, '$1 ')
    .replace(/(?<=[a-z]{3})(?:ing|ed|es|s)$/, '')
    .trimEnd()
    .replace(/e$/, '')
}
