import { createApi } from './api.ts'
import { recentLeads } from './leads.ts'

const api = createApi('/trpc', () => localStorage.getItem('token') ?? '')
const names = await recentLeads(api)
document.querySelector('#recent')!.textContent = names.join(', ')
