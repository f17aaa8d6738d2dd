import type { inferRouterOutputs } from '@trpc/server'
import { useEffect, useState } from 'react'
import type { LeadRow } from '../../drizzle/schema'
import type { AppRouter } from '../../server/trpc/router'
import { NewLead } from '../../shared/contracts'
import { trpc } from './api'

type Lead = inferRouterOutputs<AppRouter>['leads']['list']['items'][number]

export function Leads({ stage }: { stage: LeadRow['stage'] }) {
  const [leads, setLeads] = useState<Lead[]>([])
  useEffect(() => {
    trpc.leads.list.query({}).then(({ items }) => setLeads(items))
  }, [])
  const add = async (form: FormData) => {
    const lead = NewLead.parse({ name: form.get('name'), email: form.get('email') })
    const added = await trpc.leads.create.mutate({ ...lead, key: crypto.randomUUID() })
    setLeads([added, ...leads])
  }
  return (
    <form action={add}>
      <input name="name" />
      <input name="email" />
      <ul>
        {leads
          .filter((lead) => lead.stage === stage)
          .map((lead) => (
            <li key={lead.id}>{lead.name}</li>
          ))}
      </ul>
    </form>
  )
}
