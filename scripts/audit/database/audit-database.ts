import pg from 'pg'
import { finding, printable } from '../../core/finding.ts'
import { UsageError } from '../../core/usage-error.ts'
import type { AuditConfig } from '../engine/config.ts'
import type { AuditResult } from '../engine/run.ts'
import { databaseRegistry } from './registry.ts'

const connectMs = 10_000
const statementMs = 10_000
/** Waiting behind a lock would be one more waiter on a database in trouble. */
const lockMs = 1_000

/**
 * Run the catalogue queries on the database at `url`, or in the variable of that name, in one read-only transaction.
 * Writes nothing. Throws `UsageError` when there is no connection.
 */
export async function auditDatabase(url: string, config: AuditConfig, only?: string[]): Promise<AuditResult> {
  const address = /^\w+$/.test(url) ? process.env[url] : url
  if (!address) throw new UsageError(`--database ${url}: the variable ${url} is not set; give a postgres:// URL or the name of a variable that holds one`)
  const name = labelOf(address)
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: connectMs, query_timeout: statementMs + 2_000, application_name: 'backend-design-audit' })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => {})
    throw new UsageError(`--database ${name}: no connection (${explain(error)}); check address, password and network`)
  }
  const active = databaseRegistry.filter(({ id }) => config.rules[id] !== 'off' && (!only || only.includes(id)))
  const messages: AuditResult['files'][number]['messages'] = []
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query(`set local statement_timeout = ${statementMs}; set local lock_timeout = ${lockMs}; set local search_path = public, pg_catalog`)
    for (const rule of active) {
      const level = config.rules[rule.id]
      const severity = level && level !== 'off' ? level : rule.severity
      await client.query('savepoint check_start')
      const add = (reason: string, as = severity) => {
        const message = finding(rule.id, reason, { severity: as, note: `${rule.why} Fix (${rule.operation}): ${rule.fix}` })
        message.url = `references/${rule.reference}`
        messages.push(message)
      }
      try {
        const { rows } = await client.query(rule.query)
        for (const row of rows) add(rule.say(row))
      } catch (error) {
        add(`not checked: the query did not end well (${explain(error)}); run it with more rights or at a quieter time`, 'warning')
        await client.query('rollback to savepoint check_start')
      }
    }
  } finally {
    await client.query('rollback').catch(() => {})
    await client.end().catch(() => {})
  }
  return { files: [{ path: name, messages }], looked: 1, rules: active.length, tables: 0 }
}

/** Address without user and password. */
function labelOf(address: string): string {
  try {
    const { host, pathname } = new URL(address)
    return printable(`postgres://${host}${pathname}`)
  } catch {
    throw new UsageError('--database: not a postgres:// URL; write postgres://user:password@host/name')
  }
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return printable((message || code || 'no answer').split('\n')[0]!)
}
