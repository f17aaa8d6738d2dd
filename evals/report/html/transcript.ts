import { posix } from 'node:path'
import type { ClientEvent } from '../../clients/agent.ts'
import { agents } from '../../clients/clients.ts'
import { saidIn } from '../../clients/said.ts'
import type { AgentRecord } from '../../agents/records.ts'
import type { Entry, Transcript } from './data.ts'

/** Characters of one entry, of the output that nobody reads, and of a whole transcript. */
const limits = { entry: 2000, output: 300, transcript: 12_000 }

/** A record as a list of what happened; long texts are cut and counted in `cut`. */
export function transcriptOf({ client, lines, project, stderr }: AgentRecord): Transcript {
  const entries: Entry[] = []
  let [room, cut] = [limits.transcript, 0]
  const keep = (text: string, limit: number) => {
    const kept = text.slice(0, Math.max(0, Math.min(limit, room)))
    room -= kept.length
    cut += text.length - kept.length
    return kept
  }
  for (const line of lines) {
    for (const { kind, text } of entriesIn(client, line, project)) {
      const kept = keep(text, kind === 'output' ? limits.output : limits.entry)
      if (kept !== '') entries.push({ kind, text: kept })
    }
  }
  return { entries: joined(entries), stderr: keep(stderr, limits.entry), cut }
}

function entriesIn(client: AgentRecord['client'], line: string, project: string): Entry[] {
  const said = saidIn(client, line)
  const found = agents[client].read(line).flatMap((event) => entryOf(event, project))
  if (said !== '') found.unshift({ kind: 'said', text: said })
  return found.length > 0 || line.trim() === '' ? found : [{ kind: 'output', text: line }]
}

function entryOf(event: ClientEvent, project: string): Entry[] {
  switch (event.type) {
    case 'skill':
      return [{ kind: 'skill', text: event.name }]
    case 'read':
      return [{ kind: 'read', text: below(project, event.path) }]
    case 'shell':
      return [{ kind: 'shell', text: event.command.replaceAll(`${project}/`, '') }]
    case 'result':
      return event.ok ? [] : [{ kind: 'refused', text: 'the call before failed' }]
    case 'failure':
      return [{ kind: 'failure', text: `${event.kind}: ${event.message}` }]
    default:
      return []
  }
}

/** Text that was streamed in parts is one entry. */
function joined(entries: Entry[]): Entry[] {
  return entries.reduce<Entry[]>((list, { kind, text }) => {
    const last = list.at(-1)
    if (kind === 'said' && last?.kind === 'said') last.text += text
    else list.push({ kind, text })
    return list
  }, [])
}

function below(project: string, path: string): string {
  const relative = posix.relative(project, path)
  return relative.startsWith('..') || !path.startsWith('/') ? path : relative
}
