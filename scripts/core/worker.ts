import { parentPort, workerData } from 'node:worker_threads'
import { validateSkill, type SkillResult } from './skill.ts'

const { skills, config, only } = workerData
const results: SkillResult[] = []
for (const root of skills) results.push(await validateSkill(root, config, only))
parentPort!.postMessage(results.map((result) => ({
  ...result,
  findings: result.findings.map(([path, found]) => [path, { ...found, message: found.message, reason: found.reason }]),
})))
