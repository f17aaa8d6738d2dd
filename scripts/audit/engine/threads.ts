import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { scanFiles, type ScanJob, type ScanResult } from './scan.ts'

/** Below this many files a second thread costs more than it saves. */
const filesPerThread = 250
const maxThreads = 4

/** Scan `job.paths`, in threads when there are many. */
export async function scan(job: ScanJob): Promise<ScanResult> {
  const threads = Math.min(availableParallelism(), maxThreads, Math.floor(job.paths.length / filesPerThread))
  if (threads < 2) return scanFiles(job)
  const shares = Array.from({ length: threads }, (_, index) => job.paths.filter((_, at) => at % threads === index))
  return merge(await Promise.all(shares.map((paths) => inThread({ ...job, paths }))))
}

function inThread(job: ScanJob): Promise<ScanResult> {
  const here = import.meta.url
  const worker = new Worker(here.endsWith('.ts') ? new URL('./worker.ts', here) : new URL(here), { workerData: { auditJob: job } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a thread ended with ${code}`)))
  })
}

function merge(results: ScanResult[]): ScanResult {
  const all: ScanResult = { findings: [], candidates: {}, modules: [], directives: {}, files: 0, bytes: 0 }
  for (const result of results) {
    all.findings.push(...result.findings)
    all.modules.push(...result.modules)
    Object.assign(all.directives, result.directives)
    all.files += result.files
    all.bytes += result.bytes
    for (const [id, list] of Object.entries(result.candidates)) (all.candidates[id] ??= []).push(...list)
  }
  all.modules.sort((a, b) => (a.path < b.path ? -1 : 1))
  for (const list of Object.values(all.candidates)) list.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.place.line - b.place.line))
  return all
}
