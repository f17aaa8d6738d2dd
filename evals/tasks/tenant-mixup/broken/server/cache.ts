const entries = new Map<string, { value: unknown; expires: number }>()

/** Keep what `load` returns for `ttl` milliseconds. */
export async function cached<T>(key: string, ttl: number, load: () => Promise<T>): Promise<T> {
  const entry = entries.get(key)
  if (entry && entry.expires > Date.now()) return entry.value as T
  const value = await load()
  entries.set(key, { value, expires: Date.now() + ttl })
  return value
}
