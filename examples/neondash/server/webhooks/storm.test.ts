import { expect, test } from 'bun:test'
import { startProvider } from '../../test/provider'
import { type Serving, startServing } from '../../test/serving'
import { withDatabase } from '../../test/start'
import {
  aMentorado,
  clerkDelivery,
  hasten,
  paymentSucceeded,
  stripeDelivery,
  until,
  userDeleted,
  userEvent,
} from '../../test/webhooks'

const EVENTS = Number(process.env.STORM_EVENTS ?? 10_000)
const SEED = Number(process.env.STORM_SEED ?? 20_261_124)
const KILLS = 6
const PAUSES = 20
const SENDERS = 16

const { db, url, env, connect } = await withDatabase()
const clerkApi = startProvider()
const random = seeded(SEED)
const int = (below: number) => Math.floor(random() * below)

test(`${EVENTS} webhooks, some of them twice, in disorder, to instances that are killed or paused: each has its effect once`, async () => {
  const mentorados = []
  for (let n = 0; n < 20; n++) mentorados.push((await aMentorado(db, `user_m${n}`)).mentorado.id)
  const { events, people, sums } = imagine(mentorados)
  const client = await connect()
  // Every effect that committed: a second one would hide behind `on conflict`, which comes after this trigger.
  await client.query(`
    create table history (what text);
    create function record() returns trigger language plpgsql as $$
      begin insert into history values (to_jsonb(new) ->> tg_argv[0]); return new; end $$;
    create trigger done after update on integration_events for each row
      when (new.status = 'done') execute function record('event_id');
    create trigger paid before insert on payments for each row execute function record('provider_ref')`)

  await deliverAll(shuffled([...events, ...events.filter(() => random() < 0.2)]))
  await until(async () => {
    await Promise.all([hasten(db), Bun.sleep(300)])
    const { rows } = await client.query(
      "select 1 from integration_events where status in ('pending', 'processing')",
    )
    return rows.length === 0
  }, 60_000)
  expect(await db.query.integrationEvents.findMany({ where: (t, { eq }) => eq(t.status, 'dead') })).toEqual(
    [],
  )

  const one = async (query: string) => (await client.query(query)).rows[0]
  expect(await one('select count(*)::int as n from integration_events')).toEqual({ n: EVENTS })
  const payments = events.filter(({ source }) => source === 'stripe').length
  expect(await one('select count(*)::int as n, count(distinct what)::int as different from history')).toEqual(
    {
      n: EVENTS + payments,
      different: EVENTS + payments,
    },
  )
  const { rows: actualPeople } = await client.query(`
    select clerk_id, email, deleted_at is not null as deleted from users where clerk_id like 'user_p%' order by clerk_id`)
  expect(actualPeople).toEqual([...people.values()].sort((a, b) => (a.clerk_id < b.clerk_id ? -1 : 1)))
  const { rows: actualSums } = await client.query(`
    select mentorado_id::int as id, count(*)::int as n, sum(amount_cents)::int as cents from payments group by 1 order by 1`)
  expect(actualSums).toEqual([...sums.values()].sort((a, b) => a.id - b.id))
  expect(await one("select count(*)::int as n from outbox where topic = 'payment.paid'")).toEqual({
    n: payments,
  })
}, 120_000)

type Sent = { source: 'clerk' | 'stripe'; id: string; body: string }

/** The events, and what the tables must hold once all of them had their effect. */
function imagine(mentorados: number[]) {
  const events: Sent[] = []
  const people = new Map<string, { clerk_id: string; email: string; deleted: boolean }>()
  const sums = new Map<number, { id: number; n: number; cents: number }>()
  const clerk = (event: object) =>
    events.push({ source: 'clerk', id: `msg_${events.length}`, body: JSON.stringify(event) })

  while (events.length < EVENTS / 2) {
    const clerk_id = `user_p${people.size}`
    const changes = 1 + int(8)
    const email = (n: number) => `${clerk_id}.${n}@example.com`
    for (let n = 0; n < changes; n++)
      clerk(userEvent(n ? 'user.updated' : 'user.created', clerk_id, email(n), 1_000 + n))
    const deleted = random() < 0.2
    if (deleted) clerk(userDeleted(clerk_id, 2_000))
    people.set(clerk_id, { clerk_id, email: deleted ? '' : email(changes - 1), deleted })
  }
  while (events.length < EVENTS) {
    const n = events.length
    const id = mentorados[int(mentorados.length)]!
    const cents = 1 + int(10_000)
    events.push({
      source: 'stripe',
      id: `evt_${n}`,
      body: JSON.stringify(paymentSucceeded(`pi_${n}`, id, cents, `evt_${n}`)),
    })
    const sum = sums.get(id) ?? { id, n: 0, cents: 0 }
    sums.set(id, { id, n: sum.n + 1, cents: sum.cents + cents })
  }
  return { events, people, sums }
}

/** As providers deliver: several at a time, and again until somebody answers 2xx. */
async function deliverAll(queue: Sent[]) {
  const variables = {
    DATABASE_URL: url,
    DATABASE_POOLED: String(env.DATABASE_POOLED),
    WORKER_POLL_MS: '100',
    IP_LIMIT_PER_MINUTE: '1000000',
    CLERK_API_URL: clerkApi.url,
  }
  const instances: Serving[] = await Promise.all([startServing(variables), startServing(variables)])
  const faults = new Map<number, (place: number) => Promise<void>>()
  for (let n = 0; n < PAUSES; n++) faults.set(int(queue.length), pause)
  for (let n = 0; n < KILLS; n++) faults.set(int(queue.length), replace)
  let faulty: Promise<unknown> = Promise.resolve()

  async function replace(place: number) {
    await instances[place]!.end('SIGKILL')
    instances[place] = await startServing(variables)
    await hasten(db)
  }

  /** Its leases run out, others take over, and it goes on as if nothing had been: only the fence stops it. */
  async function pause(place: number) {
    instances[place]!.signal('SIGSTOP')
    await hasten(db)
    await Bun.sleep(100)
    instances[place]!.signal('SIGCONT')
  }

  async function sendNext(): Promise<void> {
    for (let event = queue.pop(); event; event = queue.pop()) {
      const fault = faults.get(queue.length)
      if (fault && faults.delete(queue.length)) {
        const place = int(instances.length)
        faulty = faulty.then(() => fault(place))
      }
      const { path, init } =
        event.source === 'clerk'
          ? clerkDelivery(event.body, { id: event.id })
          : await stripeDelivery(event.body)
      const answer = await fetch(instances[int(instances.length)]!.url + path, init).catch(() => null)
      if (!answer?.ok) queue.unshift(event)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sendNext))
  await faulty
  expect(faults.size).toBe(0)
}

function shuffled<T>(list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = int(i + 1)
    ;[list[i], list[j]] = [list[j]!, list[i]!]
  }
  return list
}

/** Mulberry32. */
function seeded(state: number) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
