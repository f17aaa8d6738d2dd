import type pg from 'pg'

/** Table locks from weakest to strongest, by the names of `pg_locks`. */
export const lockModes = [
  'AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
  'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock',
] as const

export type LockMode = (typeof lockModes)[number]

/** Strongest lock per table. */
export type Locks = Record<string, LockMode>

/** Names of tables and their oids, which survive a rename. */
export async function oidsOf(client: pg.Client, tables: string[]): Promise<Map<string, number>> {
  const { rows } = await client.query('select relname, oid from pg_class where relname = any ($1)', [tables])
  return new Map(rows.map(({ relname, oid }) => [relname, oid]))
}

/** The strongest lock that the session `pid` has on each of `tables`, as another session or it itself sees it. */
export async function locksOf(client: pg.Client, pid: number, tables: Map<string, number>): Promise<Locks> {
  const { rows } = await client.query<{ relation: number; mode: LockMode }>(`
    select relation, mode from pg_locks where pid = $1 and granted and locktype = 'relation' and relation = any ($2)
      and database = (select oid from pg_database where datname = current_database())`, [pid, [...tables.values()]])
  return [...tables].reduce<Locks>((locks, [name, oid]) => rows
    .filter(({ relation }) => relation === oid)
    .reduce((known, { mode }) => strongest(known, { [name]: mode }), locks), {})
}

/** Both together, per table the stronger one. */
export function strongest(one: Locks, other: Locks): Locks {
  const all = { ...one }
  for (const [table, mode] of Object.entries(other)) {
    const known = all[table]
    if (!known || lockModes.indexOf(mode) > lockModes.indexOf(known)) all[table] = mode
  }
  return all
}

/** `AccessExclusiveLock` → `ACCESS EXCLUSIVE`, as PostgreSQL's manual writes it. */
export function manualName(mode: LockMode): string {
  return mode.replace(/Lock$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase()
}
