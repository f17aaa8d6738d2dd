import { limits, roleNames } from '@studio/shared'
import { api } from './api.ts'

const members = await api.members.list.query()
document.body.textContent = members.map(({ name, role }) => `${name.slice(0, limits.nameLength)} (${roleNames[role]})`).join(', ')
