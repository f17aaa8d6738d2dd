import { AppError } from '../../shared/errors'
import { accessLeftMs, type Subject } from '../auth/context'
import type { Deps } from '../deps'
import { type AgendaEvent, createAgendaService } from '../services/agenda'

/** A timer may fire a little early, and would find the grant alive. */
const EXPIRY_SLACK_MS = 50

/** The grant under which a stream was opened is over; nothing that came later was sent. */
export class GrantEnded extends AppError {
  constructor() {
    super('FORBIDDEN', 'No valid grant')
  }
}

// #region agenda-events
/** Replays what came after `last`, then follows, until `signal` aborts it with an AbortError or its grant ends. */
export async function* agendaEvents(
  { db, agendaBus }: Pick<Deps, 'db' | 'agendaBus'>,
  subject: Pick<Subject, 'mentoradoId' | 'grantId'>,
  last: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<AgendaEvent> {
  const { mentoradoId } = subject
  const agenda = createAgendaService(db)
  const wakes = agendaBus.wakes(mentoradoId, signal) // before reading: a change in between is not lost
  let expiry: Timer | undefined
  try {
    last ??= await agenda.lastEvent(mentoradoId)
    for (;;) {
      const events = await agenda.eventsAfter(mentoradoId, last)
      // After reading: what was read while the grant lived may be sent, and nothing else.
      const leftMs = await accessLeftMs(db, subject)
      if (leftMs <= 0) throw new GrantEnded()
      if (subject.grantId) expiry ??= setTimeout(agendaBus.wakeHere, leftMs + EXPIRY_SLACK_MS, mentoradoId)
      for (const event of events) {
        yield event
        last = event.id
      }
      if (events.length === 0) await wakes.next()
    }
  } finally {
    clearTimeout(expiry)
    await wakes.return?.()
  }
}
// #endregion

/** Id after which a stream begins. Known before its client learns that it is open, nothing falls in between. */
export async function startAfter(
  { db }: Pick<Deps, 'db'>,
  { mentoradoId }: Pick<Subject, 'mentoradoId'>,
  header: string | undefined,
): Promise<number> {
  return lastEventId(header) ?? (await createAgendaService(db).lastEvent(mentoradoId))
}

/** Where the client stopped; nonsense counts as nothing seen. */
export function lastEventId(header: string | null | undefined): number | undefined {
  return header && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}
