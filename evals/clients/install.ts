import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const pins = join(import.meta.dirname, 'install')
const cache = resolve(import.meta.dirname, '../../.cache/clients')

/**
 * Folder with the pinned clients, installed on first use (about 1.3 GB). The platform packages hold the binaries,
 * so no install script runs. Throws when npm cannot install them.
 */
export async function installClients(onInstall: () => void = () => {}): Promise<string> {
  const lock = readFileSync(join(pins, 'package-lock.json'))
  const folder = join(cache, createHash('sha256').update(lock).digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  onInstall()
  const partial = `${folder}.${process.pid}`
  mkdirSync(partial, { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(pins, name), join(partial, name))
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: partial })
    renameSync(partial, folder)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
  return folder
}
