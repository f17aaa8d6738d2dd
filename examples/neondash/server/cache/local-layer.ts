import type { AccountVersion } from '../auth/accounts'

interface Options {
  max: number
  ttlMs: number
  now: () => number
}

// #region local-layer
/** What this instance knows. An entry past its time still says which versions are too old. */
export function createLocalLayer({ max, ttlMs, now }: Options) {
  const entries = new Map<string, AccountVersion & { until: number }>()

  function put(clerkId: string, entry: AccountVersion, until = now() + ttlMs): boolean {
    const known = entries.get(clerkId)
    if (known && known.version > entry.version) return false
    entries.delete(clerkId)
    entries.set(clerkId, { ...entry, until })
    const [oldest] = entries.size > max ? entries.keys() : []
    if (oldest !== undefined) entries.delete(oldest)
    return true
  }

  return {
    /** False, and nothing kept, when a newer version is known. */
    put: (clerkId: string, entry: AccountVersion) => put(clerkId, entry),
    get(clerkId: string): AccountVersion | undefined {
      const known = entries.get(clerkId)
      return known && known.until > now() ? known : undefined
    },
    /** A tombstone: forgets the account, remembers the version. */
    bury: (clerkId: string, version: number) => put(clerkId, { version, account: null }, 0),
    /** After messages may have been missed. */
    expireAll() {
      for (const entry of entries.values()) entry.until = 0
    },
    size: () => entries.size,
  }
}
// #endregion
