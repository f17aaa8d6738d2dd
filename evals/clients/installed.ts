import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../scripts/core/config.ts'
import type { AgentClient } from './agent.ts'

/** Folder of the package with a client's binary for this platform. Throws `UsageError` when it is absent. */
export function platformPackage(installed: string, name: string): string {
  const folder = join(installed, 'node_modules', `${name}-${process.platform}-${process.arch}`)
  if (!existsSync(folder)) throw new UsageError(`${name} has no binary for ${process.platform}-${process.arch} in ${installed}`)
  return folder
}

/** Version of a client in `installed`, or `undefined` where it is not installed. */
export function installedVersion({ package: name }: Pick<AgentClient, 'package'>, installed: string): string | undefined {
  const file = join(installed, 'node_modules', name, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined
}
