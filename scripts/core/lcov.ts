/**
 * Lines that a test run executed at least once, by source file as the report names it.
 * Reads the `SF:` and `DA:line,count` records of an LCOV tracefile.
 */
export function executedLines(lcov: string): Map<string, Set<number>> {
  const files = new Map<string, Set<number>>()
  let current = new Set<number>()
  for (const line of lcov.split('\n')) {
    if (line.startsWith('SF:')) {
      const name = line.slice(3).trim().replaceAll('\\', '/')
      current = files.get(name) ?? new Set()
      files.set(name, current)
    }
    const [, number, count] = /^DA:(\d+),(\d+)/.exec(line) ?? []
    if (number && Number(count) > 0) current.add(Number(number))
  }
  return files
}
