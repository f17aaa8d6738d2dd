import { z } from 'zod'
import type { Deps } from '../deps'
import { createProvider, type KeyedCall } from './provider'

export type MailProvider = ReturnType<typeof createMailProvider>

interface Mail {
  to: string
  subject: string
  text: string
}

const Accepted = z.object({ id: z.string() })

/** Mail through Resend, over plain HTTP. Without a key every mail is logged as skipped: the rest must work. */
export function createMailProvider({ env, log, metrics }: Pick<Deps, 'env' | 'log' | 'metrics'>) {
  const headers = { authorization: `Bearer ${env.MAIL_API_KEY}`, 'content-type': 'application/json' }
  const call = createProvider({ name: 'resend', baseUrl: env.MAIL_URL, headers, log, metrics })

  return {
    /** The same key sends one mail, however often it is called. */
    async sendMail(mail: Mail, { idempotencyKey, ...by }: KeyedCall) {
      if (!env.MAIL_API_KEY) return by.log.info({ event: 'mail_skipped' })
      const body = JSON.stringify({ from: env.MAIL_FROM, ...mail })
      await call(
        { operation: 'mail.send', method: 'POST', path: '/emails', body, idempotencyKey },
        Accepted,
        by,
      )
    },
  }
}
