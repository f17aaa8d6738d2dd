import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { scanFiles } from './scan.ts'

/** Do the job of this thread; whether there was one. */
export function workInThread(): boolean {
  if (isMainThread || !workerData?.auditJob) return false
  parentPort!.postMessage(scanFiles(workerData.auditJob))
  return true
}

workInThread()
