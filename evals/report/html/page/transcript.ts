import type { AgentResult, ResultRow } from '../../../agents/result.ts'
import type { Entry, Transcript } from '../data.ts'
import { h } from './dom.ts'
import type { Outcome } from './outcome.ts'
import { groupName, number, skillName } from './text.ts'

interface Shown {
  row: ResultRow
  prompt: AgentResult['prompts'][number]
  outcome: Outcome
  transcript?: Transcript
}

const names: Record<Entry['kind'], string> = {
  said: 'Says', skill: 'Loads skill', read: 'Reads', shell: 'Runs', refused: 'Refused', failure: 'Failure', output: 'Output',
}

/** Show a run in a dialog; Escape closes it and the focus returns to where it was. */
export function openTranscript({ row, prompt, outcome, transcript }: Shown): void {
  const dialog = h('dialog', { 'aria-labelledby': 'transcript-title', close: () => dialog.remove() },
    h('form', { method: 'dialog' }, h('button', { class: 'close' }, 'Close')),
    h('h2', { id: 'transcript-title' }, prompt.query),
    h('dl', {},
      ...([
        ['Run', `${groupName(row)}, run ${row.run}`],
        ['Outcome', row.unusable ? `unusable, ${row.unusable.kind}: ${row.unusable.message}` : outcome],
        ['Expected', skillName(prompt.expected_skill)],
        ['Loaded', row.loads.join(', ') || '(none)'],
        ['References due', prompt.references.required.join(', ') || '(none)'],
        ['References read', row.references ? row.references.join(', ') || '(none)' : 'unknown'],
        ['Record', `${row.key}.json`],
      ] as const).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
    ...(transcript ? steps(transcript) : [h('p', {}, 'This report holds no transcript of the run; its record does.')]))
  document.body.append(dialog)
  dialog.showModal()
}

function steps({ entries, stderr, cut }: Transcript): HTMLElement[] {
  return [
    h('ol', { class: 'steps' }, ...entries.map(({ kind, text }) => h('li', { class: kind }, h('span', {}, names[kind]), h('pre', {}, text)))),
    ...(stderr === '' ? [] : [h('h3', {}, 'Standard error'), h('pre', {}, stderr)]),
    ...(cut === 0 ? [] : [h('p', { class: 'cut' }, `${number(cut)} characters are left out here; the record holds them.`)]),
  ]
}
