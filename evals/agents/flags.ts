/** Options that only runs on agent clients have; read at every start, so this file imports nothing. */
export const agentFlags = {
  arm: { type: 'string' }, runs: { type: 'string' }, model: { type: 'string' }, concurrency: { type: 'string' },
  'budget-usd': { type: 'string' }, shard: { type: 'string' }, timeout: { type: 'string' }, records: { type: 'string' },
  record: { type: 'string' }, replay: { type: 'boolean' }, resume: { type: 'boolean' }, endpoint: { type: 'string' },
  'clients-dir': { type: 'string' },
} as const
