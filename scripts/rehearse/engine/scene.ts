import assert from 'node:assert/strict'
import type pg from 'pg'
import type { PlacedFence } from '../../fences/documents.ts'
import { runBlock } from './blocks.ts'
import { createClient, type Client } from './client.ts'
import { freshOutcome } from './account.ts'
import type { Guide, Runbook } from './guide.ts'
import { createSecrets, operatorToken, startInstance, type Deploy, type Instance } from './instance.ts'
import type { Outcome, Rehearsal } from './rehearsal.ts'
import { tools, type Stage } from './stage.ts'
import { until } from './wait.ts'

export type Scene = ReturnType<typeof createScene>['scene']

/** One rehearsal's database, instances and clock. `close` ends what it started. */
export function createScene(
  stage: Stage, guide: Guide, runbook: Runbook, rehearsal: Rehearsal, client: pg.Client, url: string, patienceMs: number,
) {
  const secrets = createSecrets()
  const outcome: Outcome = freshOutcome(rehearsal)
  const instances: Instance[] = []
  const closing: (() => unknown)[] = []
  const seen: string[] = []
  const done = new Set<PlacedFence>()
  let common: Record<string, string> = { ...secrets.env, DATABASE_URL: url, DIRECT_DATABASE_URL: url }
  /** What only the blocks need: names that a reader fills in. */
  const given: Record<string, string> = { ACTOR: 'admin@example.com' }
  let faultAt: number | undefined
  let stepAt: number | undefined

  const live = () => {
    const instance = instances.at(-1)
    if (!instance) throw new Error(`the rehearsal of ${runbook.name} starts no instance before it needs one`)
    return instance
  }
  const blockEnv = () => {
    const api = instances.at(-1)
    return {
      PATH: tools, HOME: process.env.HOME, ...common, ...given, OPERATOR_TOKEN: operatorToken,
      ...(api && { API: api.url, LOG: api.logFile }),
    }
  }
  const run = (fence: PlacedFence) => {
    done.add(fence)
    return runBlock(fence, { client, functions: guide.functions, env: blockEnv() })
  }
  const note = (words: string) => {
    assert(runbook.prose.includes(words), `${runbook.name} does not say "${words}"; rehearse what it says`)
    outcome.rehearsed.push(words)
  }

  async function deploy({ env, preload }: Deploy = {}): Promise<Instance> {
    common = { ...common, ...env }
    const instance = await startInstance(stage.folder, { env: common, preload })
    instances.push(instance)
    closing.push(() => instance.end('SIGKILL'))
    return instance
  }

  const scene = {
    stage,
    client,
    url,
    clerk: secrets.clerk,
    given,
    deploy,
    http: createClient(live, secrets.clerk, seen) as Client,
    get instance() { return live() },
    /** Something that happened outside of the log and the answers, for the check of the symptoms. */
    note: (text: string) => void seen.push(text),
    onClose: (close: () => unknown) => void closing.push(close),

    /** The first block prints nothing: nobody is sent here while all is well. */
    async quiet() {
      await until(`${runbook.confirm.place} says no while all is well`, async () => {
        const output = await run(runbook.confirm)
        if (output !== '') throw new Error(`it prints ${output.slice(0, 300)}`)
        return true
      }, patienceMs)
    },
    /** What the block of the first five minutes prints, of whatever runbook. */
    firstMinutes: () => runBlock(guide.firstMinutes, { client, functions: guide.functions, env: blockEnv() }),
    /** Breaks something; the clock of the detection starts. */
    async fault(breaks: () => Promise<unknown>) {
      faultAt = performance.now()
      await breaks()
    },
    /** The first block says yes and prints `expected`; of a text, the runbook must speak too. */
    async detect(expected: string | RegExp): Promise<string> {
      let last = ''
      const output = await until(`${runbook.confirm.place} says yes`, async () => {
        last = await run(runbook.confirm)
        if (last === '') throw new Error('it prints nothing')
        if (typeof expected === 'string' ? last.includes(expected) : expected.test(last)) return last
        throw new Error(`it prints ${last.slice(0, 300)} without ${expected}`)
      }, patienceMs)
      outcome.detectMs ??= Math.round(performance.now() - faultAt!)
      if (typeof expected === 'string') {
        const text = `${runbook.prose}\n${runbook.confirm.node.value}`
        assert(text.includes(expected), `${runbook.name} does not mention ${expected}, which it prints`)
      }
      return output
    },
    /** Carries out what the runbook says in `words`. */
    async step(words: string, does: () => Promise<unknown>) {
      note(words)
      stepAt ??= performance.now()
      await does()
    },
    /** Runs the `index`-th block after the first one, which `words` introduce. */
    async mitigate(words: string, index = 0): Promise<string> {
      const fence = runbook.more[index]
      assert(fence, `${runbook.name} has no block ${index + 2}`)
      note(words)
      stepAt ??= performance.now()
      return run(fence)
    },
    /** Runs the block `index` of another runbook, to which this one links. */
    async follow(name: string, index: number) {
      assert(runbook.prose.includes(`(#${name})`), `${runbook.name} does not link to ${name}`)
      const other = guide.runbooks.find((one) => one.name === name)?.more[index]
      assert(other, `${name} has no block ${index + 2}`)
      return runBlock(other, { client, functions: guide.functions, env: blockEnv() })
    },
    /** The first block says no again, unless its trace stays for good, and `works` passes. */
    async recovered(works: () => Promise<unknown>, { traceStays = false } = {}) {
      await until(`a real request after ${runbook.name}`, async () => (await works(), true))
      if (!traceStays) await scene.quiet()
      outcome.recoverMs = Math.round(performance.now() - stepAt!)
    },
    /** The first number of the first row. */
    async count(sql: string, values: unknown[] = []): Promise<number> {
      const { rows } = await client.query({ text: sql, values, rowMode: 'array' })
      return Number(rows[0]?.[0])
    },
    /** The log of every instance so far. */
    logs: () => instances.map((instance) => instance.log()).join('\n'),
  }

  return {
    scene,
    outcome,
    evidence: () => ({ text: [scene.logs(), ...seen].join('\n'), done }),
    async close() {
      for (const close of closing.reverse()) await Promise.resolve().then(close).catch(() => {})
    },
  }
}
