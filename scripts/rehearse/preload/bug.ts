import pg from 'pg'

/** A release whose list of leads throws, while everything else works. */
const prototype = pg.Client.prototype as unknown as { query(...args: unknown[]): unknown }
const query = prototype.query
prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [statement] = args as [string | { text?: string }]
  const text = typeof statement === 'string' ? statement : statement?.text
  if (text?.includes('from "leads"')) throw new TypeError('a bug of this release')
  return query.apply(this, args)
}
