import { z } from 'zod'

// #region roles
export const ROLES = ['admin', 'mentor', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>
// #endregion

export type Module = 'agenda' | 'crm' | 'financeiro' | 'marketing' | 'mentoria' | 'pacientes'

const clinic: readonly Module[] = ['agenda', 'crm', 'financeiro', 'marketing', 'pacientes']
const everything: readonly Module[] = [...clinic, 'mentoria']
const modulesOf: Record<Role, readonly Module[]> = {
  admin: everything,
  mentor: everything,
  mentorado: everything,
  clinica_owner: clinic,
  clinica_staff: ['agenda', 'pacientes'],
  pending: [],
}

/** Whether `role` may open `module` at all; which rows it sees is decided by the tenant key. */
export function canUse(role: Role, module: Module): boolean {
  return modulesOf[role].includes(module)
}

/** Roles that cross tenants and may impersonate. */
export const STAFF: Role[] = ['admin', 'mentor']

export function isStaff(role: Role): boolean {
  return STAFF.includes(role)
}
