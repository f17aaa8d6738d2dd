import { EventEmitter } from 'node:events'

export interface LeadCreated {
  mentoradoId: number
  lead: { id: number; name: string; email: string; status: string }
}

export const bus = new EventEmitter<{ lead: [LeadCreated] }>()
bus.setMaxListeners(0)
