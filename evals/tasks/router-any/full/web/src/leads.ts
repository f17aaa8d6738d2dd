import type { Api } from './api.ts'

const DAY_MS = 86_400_000

/** Names of the leads of the last 24 hours, newest first. */
export async function recentLeads(api: Api): Promise<string[]> {
  const leads = await api.leads.list.query()
  const since = Date.now() - DAY_MS
  return leads.filter((lead) => Date.parse(lead.createdAt) >= since).map((lead) => lead.name)
}
