import { existsSync, watch } from 'node:fs'
import { resolve } from 'node:path'
import { skippedFolders } from './bundle.ts'

const ignore = [...skippedFolders].flatMap((name) => [name, `**/${name}`, `${name}/**`, `**/${name}/**`])
const isSkipped = (file: string) => file.split(/[\\/]/).some((name) => skippedFolders.has(name))

/** Call `once` now and after every change below `paths`, until interrupted; returns its last exit code. */
export async function runOnChange(paths: string[], once: () => Promise<number>): Promise<number> {
  if (!paths.every((path) => existsSync(path))) return once()
  let code = 0
  let isRunning = true
  let timer: NodeJS.Timeout | undefined
  const run = async () => {
    isRunning = true
    try {
      code = await once()
    } catch (error) {
      process.stderr.write(`validate: ${(error as Error).message}\n`)
      code = 2
    }
    isRunning = false
  }
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (isRunning) return again()
      process.stderr.write(`\n${new Date().toLocaleTimeString()} changed\n`)
      void run()
    }, 100)
  }
  const watchers = paths.map((path) =>
    watch(resolve(path), { recursive: true, ignore }, (_, file) => {
      if (!isSkipped(file ?? '')) again()
    }).on('error', (error) => process.stderr.write(`validate: cannot watch any longer: ${error.message}\n`)),
  )
  try {
    const interrupted = new Promise<void>((done) => process.once('SIGINT', done).once('SIGTERM', done))
    await run()
    process.stderr.write('watching for changes; end with Ctrl+C\n')
    await interrupted
  } finally {
    clearTimeout(timer)
    watchers.forEach((watcher) => watcher.close())
  }
  return code
}
