import semver from 'semver'
import type { Release } from './registry.ts'
import type { StackPackage } from './stack.ts'

export interface Drift extends StackPackage {
  /** Kind of the newer release; `gone` when the pinned version or the whole package can no longer be installed. */
  kind: 'major' | 'minor' | 'patch' | 'prerelease' | 'gone'
  latest: string | undefined
  released: string | undefined
}

/** What has changed about a package since it was pinned; undefined when the pin is current, or ahead of `latest`. */
export function driftOf(one: StackPackage, release: Release | undefined): Drift | undefined {
  const { latest, released, isPinnedThere } = release ?? {}
  if (!isPinnedThere || latest === undefined) return { ...one, kind: 'gone', latest, released }
  if (!semver.gt(latest, one.pinned)) return undefined
  return { ...one, kind: kindOf(one.pinned, latest), latest, released }
}

function kindOf(from: string, to: string): Drift['kind'] {
  const kind = semver.diff(from, to)
  if (kind === 'premajor' || kind === 'preminor' || kind === 'prepatch') return kind.slice(3) as Drift['kind']
  return kind as Drift['kind']
}

const order = ['gone', 'major', 'minor', 'patch', 'prerelease']

/** Table of what has changed, the largest change first, and what to do. */
export function pretty(drifts: Drift[], checked: number): string {
  const lines = drifts.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).map(
    ({ name, pinned, latest, kind, released, references }) => [
      name, latest ? `${pinned} → ${latest}` : pinned, kind, released ?? '', references.map(shortName).join(', '),
    ],
  )
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)))
  const rows = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  const newer = drifts.filter(({ kind }) => kind !== 'gone').length
  const gone = drifts.length - newer
  const summary = `${checked} packages of the stack: ${checked - drifts.length} current, ${newer} with newer releases${gone > 0 ? `, ${gone} gone` : ''}`
  const first = drifts.find(({ kind }) => kind !== 'gone')
  const advice = first ? [`to take one: npm install --save-dev --save-exact ${first.name}@${first.latest} && npm run versions, then test the pages named`] : []
  return [...rows, ...(rows.length > 0 ? [''] : []), summary, ...advice].join('\n')
}

function shortName(path: string): string {
  return path.replace(/^references\/(.+)\.md$/, '$1')
}
