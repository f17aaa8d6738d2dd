import type { MentoradoId } from '../../shared/contracts'
import type { Deps } from '../deps'
import { type AgendaEvent, createAgendaService } from '../services/agenda'

// #region agenda-events
/** Replays what came after `last`, then follows, until `signal` aborts it with an AbortError. */
export async function* agendaEvents(
  { db, agendaBus }: Pick<Deps, 'db' | 'agendaBus'>,
  mentoradoId: MentoradoId,
  last: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<AgendaEvent> {
  const agenda = createAgendaService(db)
  const wakes = agendaBus.wakes(mentoradoId, signal) // before reading: a change in between is not lost
  try {
    last ??= await agenda.lastEvent(mentoradoId)
    for (;;) {
      const events = await agenda.eventsAfter(mentoradoId, last)
      for (const event of events) {
        yield event
        last = event.id
      }
      if (events.length === 0) await wakes.next()
    }
  } finally {
    await wakes.return?.()
  }
}
// #endregion

/** Where the client stopped; nonsense counts as nothing seen. */
export function lastEventId(header: string | null | undefined): number | undefined {
  return header && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}
