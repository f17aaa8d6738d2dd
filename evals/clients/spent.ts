import type { ClientEvent } from './agent.ts'

export interface Spent {
  /** Tokens that went in, cached ones included, and came out. */
  tokens: { input: number; output: number }
  /** US dollars, where the client tells. */
  cost?: number
}

/** What a run's client told of its use. */
export function spentIn(events: ClientEvent[]): Spent {
  const usage = events.filter((event) => event.type === 'usage')
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    tokens: { input: sum(usage.map(({ input }) => input)), output: sum(usage.map(({ output }) => output)) },
    ...(usage.some(({ cost }) => cost !== undefined) && { cost: sum(usage.map(({ cost }) => cost ?? 0)) }),
  }
}
