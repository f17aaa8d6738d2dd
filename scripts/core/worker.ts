import { parentPort, workerData } from 'node:worker_threads'
import type { Finding } from './finding.ts'
import { validateSkill } from './skill.ts'

const { config, only } = workerData

parentPort!.on('message', async (root: string) => {
  const result = await validateSkill(root, config, only)
  parentPort!.postMessage({ ...result, findings: result.findings.map(([path, found]) => [path, plain(found)]) })
})

/** Findings are errors, whose own fields a structured clone would drop. */
function plain(found: Finding): Finding {
  return { ...found, message: found.message, reason: found.reason, name: found.name }
}
