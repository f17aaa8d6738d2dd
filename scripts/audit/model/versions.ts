import type { PackageInfo } from '../engine/source.ts'

/** Lowest version that a range of package.json admits, as `[major, minor]`; undefined for tags, catalogs and workspaces. */
export function lowestVersion(range: string | undefined): [number, number] | undefined {
  const match = /^(?:npm:[^@]+@|[\^~>=v\s])*(\d+)(?:\.(\d+))?/.exec(range ?? '')
  return match ? [Number(match[1]), Number(match[2] ?? 0)] : undefined
}

/** Version of `name` that a package asks for, or else the root of the project. */
export function versionOf(name: string, owner: PackageInfo, packages: PackageInfo[] = []): [number, number] | undefined {
  const root = packages.find(({ folder }) => folder === '')
  return lowestVersion(owner.versions[name]) ?? lowestVersion(root?.versions[name])
}

/** Whether a version is known and not below `major.minor`. */
export function isAtLeast(version: [number, number] | undefined, major: number, minor = 0): boolean {
  return version !== undefined && (version[0] > major || (version[0] === major && version[1] >= minor))
}
