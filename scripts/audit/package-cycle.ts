import { posix } from 'node:path'
import type { Rule } from './engine/rule.ts'
import type { PackageInfo } from './engine/source.ts'
import { placeAt } from './model/migrations.ts'

/** Packages of a workspace that need each other. */
export const rule: Rule = {
  id: 'package-cycle',
  summary: 'packages of the workspace that depend on each other in a circle',
  severity: 'error',
  why: 'Turborepo refuses to order their tasks, and neither can be built, typed or tested first.',
  fix: 'Let dependencies point one way: move what both need into a package below them; take types with import type over a subpath.',
  operation: 'behaviour change',
  reference: 'turborepo-migration.md#epic-2-shared-and-backend',
  judge(_, project, report) {
    const byName = new Map(project.packages.filter(({ name }) => name !== '').map((info) => [info.name, info]))
    const told = new Set<string>()
    for (const info of byName.values()) {
      const cycle = cycleFrom(info, byName)
      if (!cycle || told.has([...cycle].sort().join())) continue
      told.add([...cycle].sort().join())
      const path = posix.join(info.folder, 'package.json')
      const text = project.others.find((file) => file.path === path)!.text
      const at = text.indexOf(`"${cycle[1]}"`, Math.max(0, text.search(/"(?:dev|peer)?[dD]ependencies"/)))
      report(path, at === -1 ? undefined : placeAt(text, at, at + cycle[1]!.length + 2), `${[...cycle, cycle[0]].join(' → ')} is a circle; let dependencies point one way`)
    }
  },
}

/** Names along the shortest way from a package back to itself, without the repeated end. */
function cycleFrom(start: PackageInfo, byName: Map<string, PackageInfo>): string[] | undefined {
  const ways: string[][] = [[start.name]]
  const seen = new Set<string>()
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const next of byName.get(way.at(-1)!)!.dependencies) {
      if (next === start.name) return way.length > 1 ? way : undefined
      if (!byName.has(next) || seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}
