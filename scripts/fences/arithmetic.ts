const number = String.raw`\d[\d,]*(?:\.\d+)?`
const term = String.raw`${number}(?: ?/ ?${number})?`
const equation = new RegExp(String.raw`((?:(?:[A-Za-z]+ )*${term}(?: min| s)? [×+] )+(?:[A-Za-z]+ )*${term})(?: \([^)]*\))? = (?:\*\*)?(${number})( %)?`, 'g')

/**
 * The products and sums that `text` spells out with a result (`6 × 6/720 = 5 %`, `wait 2 + work 3 = 5 s`): how many,
 * and those that are wrong. Units and words between the numbers are ignored; a result may be rounded to its digits.
 */
export function wrongArithmetic(text: string): { checked: number; wrong: string[] } {
  const wrong: string[] = []
  let checked = 0
  for (const [, left, written, percent] of text.matchAll(equation)) {
    checked++
    const isSum = left!.includes('+')
    const terms = left!.match(new RegExp(term, 'g'))!
    const values = terms.map((one) => one.split('/').map(valueOf).reduce((a, b) => a / b))
    const value = values.reduce((a, b) => (isSum ? a + b : a * b))
    const claimed = valueOf(written!) / (percent ? 100 : 1)
    const digits = (written!.split('.')[1]?.length ?? 0) + (percent ? 2 : 0)
    if (Math.abs(value - claimed) > 0.5 * 10 ** -digits + 1e-9)
      wrong.push(`${terms.join(isSum ? ' + ' : ' × ')} = ${round(value)}, not ${round(claimed)}`)
  }
  return { checked, wrong }
}

function valueOf(text: string): number {
  return Number(text.replaceAll(',', ''))
}

function round(value: number): number {
  return Number(value.toFixed(6))
}
