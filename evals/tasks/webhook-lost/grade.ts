import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineGrader } from '../../outcome/criterion.ts'
import type { Backend } from '../../outcome/process.ts'
import type { Rig } from '../../outcome/rig.ts'
import { delivery, paymentEvent, signature, type PaymentEvent } from '../../outcome/stripe.ts'

const deliver = (backend: Backend, event: PaymentEvent) => backend.fetch('/webhooks/stripe', delivery(event))

/** Deliver as Stripe does: once more after an answer that is not 2xx. */
async function deliverStubbornly(backend: Backend, event: PaymentEvent): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const { ok } = await deliver(backend, event)
    if (ok) return
    await sleep(300)
  }
  assert.fail(`the delivery of ${event.id} is never accepted`)
}

const statusOf = async ({ sql }: Rig, intent: string): Promise<string | undefined> =>
  (await sql('select status from payments where stripe_id = $1', [intent]))[0]?.status

export default defineGrader([
  {
    id: 'survives-kill',
    tier: 'basic',
    text: 'A payment that was acknowledged is written although the process is killed right after.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const first = await rig.start()
      const events = Array.from({ length: 6 }, () => paymentEvent('processing', { mentoradoId }))
      for (const event of events) assert.ok((await deliver(first, event)).ok, 'a valid delivery is refused')
      await first.kill('SIGKILL')
      for (const { id, intent } of events) {
        const places = [...(await rig.tablesWith(id)), ...(await rig.tablesWith(intent))]
        assert.notDeepEqual(places, [], 'an acknowledged delivery is in no table when the process dies')
      }
      await rig.start()
      await rig.until('payments acknowledged before the kill are missing after a restart', async () => {
        const [row] = await rig.sql('select count(*)::int as n from payments')
        return row.n === events.length
      }, 100_000)
    },
  },
  {
    id: 'outage-is-not-acknowledged',
    tier: 'basic',
    text: 'While the database is away no delivery is acknowledged, so that Stripe sends it again.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const backend = await rig.start()
      const end = await rig.outage()
      const event = paymentEvent('processing', { mentoradoId, intent: 'pi_outage' })
      const { ok } = await deliver(backend, event).catch(() => ({ ok: false }))
      await backend.kill('SIGKILL')
      await end()
      assert.ok(!ok, 'a delivery is acknowledged that could not be stored')
    },
  },
  {
    id: 'once',
    tier: 'expert',
    text: 'The same delivery several times at once has one effect: one receipt.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      await rig.sql(`update mentorados set phone = '+5511999990000'`)
      const backend = await rig.start()
      const event = paymentEvent('succeeded', { mentoradoId, intent: 'pi_once' })
      await Promise.all(Array.from({ length: 6 }, () => deliver(backend, event)))
      await rig.until('no receipt is sent', async () => rig.provider.received.length > 0)
      await sleep(2500)
      await deliver(backend, event)
      await sleep(1500)
      assert.equal(rig.provider.received.length, 1, `${rig.provider.received.length} receipts for one payment`)
    },
  },
  {
    id: 'newest-wins',
    tier: 'expert',
    text: 'An older event that arrives late does not overwrite a newer one.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const backend = await rig.start()
      const now = Math.floor(Date.now() / 1000)
      await deliver(backend, paymentEvent('succeeded', { mentoradoId, intent: 'pi_order', created: now }))
      await rig.until('the payment is not written', async () => (await statusOf(rig, 'pi_order')) === 'succeeded')
      await deliver(backend, paymentEvent('processing', { mentoradoId, intent: 'pi_order', created: now - 60 }))
      await sleep(2500)
      assert.equal(await statusOf(rig, 'pi_order'), 'succeeded', 'a late, older event overwrites the newer status')
    },
  },
  {
    id: 'poison-does-not-block',
    tier: 'expert',
    text: 'An event that can never be applied does not stop those behind it, and is kept by us or refused, so that Stripe keeps it.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const backend = await rig.start()
      const poison = paymentEvent('processing', { mentoradoId: 999_999, intent: 'pi_poison' })
      const accepted = (await deliver(backend, poison)).ok
      await deliverStubbornly(backend, paymentEvent('processing', { mentoradoId, intent: 'pi_behind' }))
      await rig.until('an event behind a failing one is never written', async () => statusOf(rig, 'pi_behind'))
      await sleep(500)
      if (accepted) assert.notDeepEqual(await rig.tablesWith(poison.id), [], 'a failing event was acknowledged and left no trace')
    },
  },
  {
    id: 'nul-byte',
    tier: 'expert',
    text: 'A payment whose text contains \\u0000 is written like any other.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const backend = await rig.start()
      await deliver(backend, paymentEvent('processing', { mentoradoId, intent: 'pi_nul', description: 'a\u0000b' }))
      await rig.until('a payment with \\u0000 in its description is never written', async () => statusOf(rig, 'pi_nul'), 8000)
    },
  },
  {
    id: 'forged-refused',
    tier: 'expert',
    text: 'A delivery with a wrong signature is refused.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      const backend = await rig.start()
      const event = paymentEvent('succeeded', { mentoradoId, intent: 'pi_forged' })
      const forged = { 'stripe-signature': signature(event.body, 'whsec_other') }
      const { status } = await backend.fetch('/webhooks/stripe', delivery(event, forged))
      assert.ok(status >= 400 && status < 500, `a forged delivery is answered with ${status}`)
      await sleep(1000)
      assert.equal(await statusOf(rig, 'pi_forged'), undefined, 'a forged delivery is applied')
    },
  },
  {
    id: 'closed-without-secret',
    tier: 'expert',
    text: 'Without its secret the webhook is closed.',
    async check(rig) {
      const { mentoradoId } = await rig.person()
      let backend: Backend
      try {
        backend = await rig.start({ STRIPE_WEBHOOK_SECRET: '' })
      } catch {
        return
      }
      const event = paymentEvent('succeeded', { mentoradoId, intent: 'pi_open' })
      await backend.fetch('/webhooks/stripe', delivery(event, { 'stripe-signature': signature(event.body, '') }))
      await sleep(1500)
      assert.equal(await statusOf(rig, 'pi_open'), undefined, 'an unsigned delivery is applied when the secret is missing')
    },
  },
])
