import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildAudit } from './audit/engine/build.ts'
import { command } from './core/args.ts'

await command('build-audit', async () => {
  const file = join(import.meta.dirname, 'audit.mjs')
  const text = await buildAudit()
  writeFileSync(file, text)
  process.stderr.write(`${file}: ${text.length.toLocaleString('en-US')} characters\n`)
  return 0
})
