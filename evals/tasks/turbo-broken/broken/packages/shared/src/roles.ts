export const roles = ['admin', 'mentor', 'mentorado'] as const

export const roleNames: Record<(typeof roles)[number], string> = {
  admin: 'Administration',
  mentor: 'Mentor',
  mentorado: 'Mentorado',
}
