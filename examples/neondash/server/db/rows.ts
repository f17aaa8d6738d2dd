/** The row of a statement that returns exactly one. */
export function one<Row>(rows: Row[]): Row {
  const [row] = rows
  if (!row || rows.length > 1) throw new Error(`expected one row, got ${rows.length}`)
  return row
}
