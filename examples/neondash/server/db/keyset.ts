import { type AnyColumn, sql } from 'drizzle-orm'
import type { Cursor } from '../../shared/contracts'

// #region keyset
// #region keyset-cursor
/** ISO with PostgreSQL's microseconds; a `Date` would cut them, and rows at the cut would come twice. */
export const exact = (at: AnyColumn) =>
  sql<string>`to_char(${at} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** The rows behind a cursor in the order `at desc, id desc`. */
export const behind = (at: AnyColumn, id: AnyColumn, cursor: Cursor | null | undefined) =>
  cursor ? sql`(${at}, ${id}) < (${cursor.at}::timestamptz, ${cursor.id}::bigint)` : undefined
// #endregion

/** A page of `limit` from `limit + 1` rows: the one more says that there is a next page. */
export function toPage<Row extends { id: number }>(rows: Row[], limit: number, at: (row: Row) => string) {
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last ? { at: at(last), id: last.id } : null }
}
// #endregion
