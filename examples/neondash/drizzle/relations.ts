import { relations } from 'drizzle-orm'
import { leads, mentorados, mentors, payments, sessions, users } from './programme'

export const usersRelations = relations(users, ({ one }) => ({
  mentor: one(mentors, { fields: [users.id], references: [mentors.userId] }),
  mentorado: one(mentorados, { fields: [users.id], references: [mentorados.userId] }),
}))

export const mentorsRelations = relations(mentors, ({ one, many }) => ({
  user: one(users, { fields: [mentors.userId], references: [users.id] }),
  mentorados: many(mentorados),
  sessions: many(sessions),
}))

export const mentoradosRelations = relations(mentorados, ({ one, many }) => ({
  user: one(users, { fields: [mentorados.userId], references: [users.id] }),
  mentor: one(mentors, { fields: [mentorados.mentorId], references: [mentors.id] }),
  sessions: many(sessions),
  leads: many(leads),
  payments: many(payments),
}))

export const sessionsRelations = relations(sessions, ({ one }) => ({
  mentorado: one(mentorados, { fields: [sessions.mentoradoId], references: [mentorados.id] }),
  mentor: one(mentors, { fields: [sessions.mentorId], references: [mentors.id] }),
}))

export const leadsRelations = relations(leads, ({ one }) => ({
  mentorado: one(mentorados, { fields: [leads.mentoradoId], references: [mentorados.id] }),
  referredBy: one(leads, { fields: [leads.referredById], references: [leads.id], relationName: 'referral' }),
}))

export const paymentsRelations = relations(payments, ({ one }) => ({
  mentorado: one(mentorados, { fields: [payments.mentoradoId], references: [mentorados.id] }),
}))
