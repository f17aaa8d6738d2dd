import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClerkKeys } from '../../../examples/neondash/test/clerk.ts'
import { freePort } from '../../core/free-port.ts'
import { end, startProcess } from './process.ts'
import { example, tools } from './stage.ts'
import { until } from './wait.ts'

export const operatorToken = 'operator-of-the-rehearsal'

/** What one deploy is: its environment and, where the fault is in the code, a file loaded before it. */
export interface Deploy {
  env?: Record<string, string>
  preload?: string
}

/** `server/main.ts` as deployed. */
export interface Instance {
  url: string
  pid: number
  /** JSON lines since its start. */
  logFile: string
  log(): string
  /** Resolves to the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Keys and secrets of a deployment that exists only here. */
export function createSecrets() {
  const clerk = createClerkKeys()
  return {
    clerk,
    env: {
      NODE_ENV: 'test', LOG_LEVEL: 'info', DRAIN_MS: '0', WORKER_POLL_MS: '200',
      STRIPE_SECRET_KEY: 'sk_test_local', STRIPE_WEBHOOK_SECRET: 'whsec_local', ...clerk.env,
      // Nobody listens here: no rehearsal may reach a real provider.
      CLERK_API_URL: 'http://127.0.0.1:1', PAYMENTS_URL: 'http://127.0.0.1:1', MAIL_URL: 'http://127.0.0.1:1',
      OPERATOR_TOKEN: operatorToken, ACTOR_LIMIT_PER_MINUTE: '100000', IP_LIMIT_PER_MINUTE: '100000',
    },
  }
}

/** Starts one instance and resolves when it listens. */
export async function startInstance(folder: string, { env, preload }: Deploy): Promise<Instance> {
  const port = await freePort()
  const logFile = join(folder, `instance-${port}.log`)
  const args = [...(preload ? ['--preload', preload] : []), join(example, 'server/main.ts')]
  const variables = { PATH: tools, HOME: process.env.HOME, UPLOADS_DIR: folder, ...env, PORT: String(port) }
  const started = startProcess('bun', args, { env: variables, cwd: folder, log: logFile })
  const url = `http://127.0.0.1:${port}`
  const log = () => readFileSync(logFile, 'utf8')
  let ended = false
  void started.gone.catch(() => {}).finally(() => { ended = true })
  await until('the start of the example', async () => {
    if (ended) return 'ended'
    return (await fetch(`${url}/health/live`)).status === 204
  }, 60_000)
  if (ended) throw new Error(`the example ended at its start: ${log().slice(-500)}`)
  return { url, pid: started.child.pid!, logFile, log, end: (signal) => end(started, signal) }
}
