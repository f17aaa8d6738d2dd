import { and, eq, isNull, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { mentorados, mentors, payments, users } from '../../drizzle/schema'
import { MentoradoId } from '../../shared/contracts'
import type { Queries } from '../db/client'
import type { MailProvider } from './mail-provider'
import type { Topic } from './topics'

const Digest = z.object({ mentoradoId: MentoradoId, day: z.iso.date(), sessions: z.int(), leads: z.int() })
const NewLead = z.object({ leadId: z.int(), mentoradoId: MentoradoId })
const Paid = z.object({ paymentId: z.int() })

// Addresses are read when the mail leaves: payloads are older, and hold no personal data.

/** Tells a mentorado what the day brings. */
export function digestTopic(db: Queries, mail: MailProvider): Topic {
  return async (payload, by) => {
    const { mentoradoId, day, sessions, leads } = Digest.parse(payload)
    const to = await addressOf(db, eq(mentorados.id, mentoradoId))
    const text = `Sessões hoje: ${sessions}\nNovos leads ontem: ${leads}\n`
    if (to) await mail.sendMail({ to, subject: `Seu dia ${day}`, text }, by)
    return undefined
  }
}

/** Tells the mentor that a mentee has a new lead; without a mentor there is nobody to tell. */
export function leadTopic(db: Queries, mail: MailProvider): Topic {
  return async (payload, by) => {
    const { leadId, mentoradoId } = NewLead.parse(payload)
    const [mentor] = await db
      .select({ email: users.email })
      .from(mentorados)
      .innerJoin(mentors, eq(mentors.id, mentorados.mentorId))
      .innerJoin(users, eq(users.id, mentors.userId))
      .where(and(eq(mentorados.id, mentoradoId), isNull(users.deletedAt)))
    // A number and no name: the lead's own data stays behind the sign-in.
    const text = `Lead ${leadId} do mentorado ${mentoradoId} está no CRM.\n`
    if (mentor?.email)
      await mail.sendMail({ to: mentor.email, subject: 'Novo lead de um mentorado', text }, by)
    return undefined
  }
}

/** Confirms to a mentorado that the money came. */
export function receiptTopic(db: Queries, mail: MailProvider): Topic {
  return async (payload, by) => {
    const { paymentId } = Paid.parse(payload)
    const [paid] = await db.select().from(payments).where(eq(payments.id, paymentId))
    const to = paid && (await addressOf(db, eq(mentorados.id, paid.mentoradoId)))
    if (!to) return
    const amount = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: paid.currency })
    const text = `Recebemos ${amount.format(paid.amountCents / 100)}.\n`
    await mail.sendMail({ to, subject: 'Pagamento recebido', text }, by)
    return undefined
  }
}

/** A deleted user's address is empty, or the account is marked: both get no mail. */
async function addressOf(db: Queries, which: SQL): Promise<string | undefined> {
  const [recipient] = await db
    .select({ email: users.email, deletedAt: users.deletedAt })
    .from(mentorados)
    .innerJoin(users, eq(users.id, mentorados.userId))
    .where(which)
  return recipient && !recipient.deletedAt ? recipient.email || undefined : undefined
}
