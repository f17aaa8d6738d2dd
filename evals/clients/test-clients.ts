import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { command } from '../../scripts/core/args.ts'
import { agentNames } from './agent.ts'
import { agents } from './clients.ts'
import { installClients } from './install.ts'
import { installedVersion } from './installed.ts'
import { summaryOf } from './tested.ts'

const root = resolve(import.meta.dirname, '../..')

/**
 * Install the pinned clients and run their tests; further arguments go to Vitest. The last lines say which client was
 * tested. One that cannot be installed was not tested: exit code 2, never "passed".
 */
await command('test:clients', async () => {
  const args = process.argv.slice(2)
  let installed: string
  try {
    installed = await installClients(() => process.stderr.write('installing the agent clients once, about 1.3 GB\n'))
  } catch (error) {
    const reason = (error as Error).message.trim().split('\n').at(-1)
    for (const name of agentNames) process.stdout.write(`not tested: ${name} could not be installed (${reason})\n`)
    return 2
  }
  const report = join(root, 'results/clients.json')
  const vitest = spawn(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.clients.config.ts',
    '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args,
  ], { cwd: root, stdio: 'inherit' })
  const [code] = (await once(vitest, 'close')) as [number | null]
  const versions = agentNames.map((name) => ({ name, version: installedVersion(agents[name], installed) }))
  const { lines, tested } = summaryOf(JSON.parse(readFileSync(report, 'utf8')), versions)
  process.stdout.write(`${lines.join('\n')}\n`)
  if (code !== 0) return 1
  return tested ? 0 : 2
})
