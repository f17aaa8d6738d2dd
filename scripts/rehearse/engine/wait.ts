import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks until the answer is neither `undefined` nor false; what `ask` throws counts as no answer. Throws after `ms`
 * with `what` and the last thing that was thrown.
 */
export async function until<T>(what: string, ask: () => Promise<T>, ms = 30_000): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + ms
  for (let last: unknown; ;) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) {
      const because = last instanceof Error ? `: ${last.message}` : ''
      throw new Error(`${what} did not happen within ${ms / 1_000} s${because}`)
    }
    await sleep(100)
  }
}
