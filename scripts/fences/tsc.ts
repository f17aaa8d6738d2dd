import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { root } from './documents.ts'

const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** What the pinned TypeScript compiler prints in `folder`, empty when it finds nothing. Throws when it cannot run. */
export function tscIn(folder: string, args: string[] = ['--pretty', 'false']): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [tsc, ...args], { cwd: folder, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (stderr || (error && !stdout)) reject(new Error(`tsc: ${stderr || error?.message}`))
      else resolve(stdout)
    })
  })
}
