/** Why `drizzle-kit push` must not touch this database; `undefined` when the database may be thrown away. */
export function refusal(driver: string | undefined, url: string | undefined): string | undefined {
  if (driver === 'pglite') return undefined
  if (!url || !URL.canParse(url)) return 'DATABASE_URL is not set'
  const { hostname, pathname, search } = new URL(url)
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return `${hostname} is not this machine`
  if (!/_(dev|test)$/.test(pathname)) return `"${pathname.slice(1)}" does not end in _dev or _test`
  // `?host=` and `?options=` would win over what was just checked.
  if (search) return 'DATABASE_URL has parameters'
}

if (import.meta.main) {
  const { DATABASE_DRIVER, DATABASE_URL, DIRECT_DATABASE_URL = DATABASE_URL } = process.env
  const reason = refusal(DATABASE_DRIVER, DIRECT_DATABASE_URL)
  if (reason) {
    console.error(`db:push is for disposable databases: ${reason}; use db:generate and db:migrate`)
    process.exit(1)
  }
  const push = Bun.spawn(['drizzle-kit', 'push', '--force'], { stdio: ['inherit', 'inherit', 'inherit'] })
  process.exitCode = await push.exited
}
