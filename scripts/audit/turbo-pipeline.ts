import { posix } from 'node:path'
import { readJson } from './engine/packages.ts'
import type { Rule } from './engine/rule.ts'
import { placeAt } from './model/migrations.ts'
import { isAtLeast, lowestVersion } from './model/versions.ts'

/** The key that Turborepo 2 refuses. */
export const rule: Rule = {
  id: 'turbo-pipeline',
  summary: 'turbo.json with "pipeline", which Turborepo 2 refuses',
  severity: 'error',
  why: 'Every turbo run stops with an error before any task starts.',
  fix: 'Rename "pipeline" to "tasks", or run npx @turbo/codemod migrate.',
  operation: 'behaviour change',
  reference: 'turborepo-migration.md#epic-1-scaffold',
  judge(_, project, report) {
    const versions = project.packages.map(({ versions: known }) => lowestVersion(known.turbo)).filter((version) => version !== undefined)
    for (const { path, text } of project.others) {
      if (posix.basename(path) !== 'turbo.json' || !readJson(text)?.pipeline) continue
      const at = text.indexOf('"pipeline"')
      const place = placeAt(text, at, at + '"pipeline"'.length)
      if (versions.some((version) => isAtLeast(version, 2))) report(path, place, 'Turborepo 2 refuses "pipeline"; rename it to "tasks"')
      else if (versions.length === 0) report(path, place, '"pipeline" is the key of Turborepo 1; version 2 wants "tasks"', { severity: 'warning' })
    }
  },
}
