import type { Deps } from '../server/deps'
import { type addMentor, addMentorado, serve, until } from './programme'
import { clerk } from './start'

export interface Reader {
  sub: string
  grant?: string
}
type Api = ReturnType<typeof serve>

const days = { startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T11:00:00Z' }

/** Streams of one agenda, as browsers hold them. `mentor` is who schedules; `add` serves one more instance. */
export function withStreams(deps: Deps, mentor: Awaited<ReturnType<typeof addMentor>>, idleTimeout = 30) {
  const busOf = new Map<Api, Deps['agendaBus']>()
  let tenants = 0

  function add(instance: Deps, options: Parameters<typeof serve>[1] = {}) {
    const served = serve(instance, options)
    busOf.set(served, instance.agendaBus)
    return served
  }
  const api = add(deps, { idleTimeout })
  const open = (at = api) => busOf.get(at)!.open()

  return {
    api,
    add,
    open,

    /** A mentorado of its own for each test. */
    async tenant() {
      const person = await addMentorado(deps.db, `ana_${++tenants}`, { mentorId: mentor.mentorId })
      return { ...person, sub: person.clerkId }
    },

    schedule: ({ mentoradoId }: Pick<Awaited<ReturnType<typeof addMentorado>>, 'mentoradoId'>, at = api) =>
      at
        .as({ sub: mentor.clerkId })
        .sessions.schedule.mutate({ key: crypto.randomUUID(), mentoradoId, ...days }),

    /** A subscription of the typed client, with what it saw. */
    async follow(reader: Reader, { at = api, lastEventId = undefined as string | undefined } = {}) {
      const seen = {
        ids: [] as string[],
        sessions: [] as number[],
        states: [] as string[],
        completed: false,
        errors: [] as string[],
      }
      const subscription = at.as(reader).sessions.changes.subscribe(
        { lastEventId },
        {
          onData: ({ id, data }) => {
            seen.ids.push(id)
            seen.sessions.push(data.sessionId)
          },
          onConnectionStateChange: ({ state }) => seen.states.push(state),
          onComplete: () => (seen.completed = true),
          onError: (error) => seen.errors.push(error.message),
        },
      )
      await until(() => seen.states.includes('pending') && open(at) > 0)
      await Bun.sleep(50)
      return { seen, stop: () => subscription.unsubscribe() }
    },

    /** The plain stream, as text. */
    async listen({ sub, grant }: Reader, { at = api, headers = {} as Record<string, string> } = {}) {
      const abort = new AbortController()
      const own = { ...clerk.bearer(sub), ...(grant && { 'x-impersonation-grant': grant }) }
      const request = { headers: { ...own, ...headers }, signal: abort.signal }
      const response = await fetch(new URL('/api/agenda/stream', at.url), request)
      const seen = { text: '', ended: false }
      const read = async () => {
        for await (const chunk of response.body ?? []) seen.text += new TextDecoder().decode(chunk)
      }
      read()
        .catch(() => {})
        .finally(() => (seen.ended = true))
      return { response, seen, stop: () => abort.abort() }
    },
  }
}
