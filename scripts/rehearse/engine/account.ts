import type { PlacedFence } from '../../fences/documents.ts'
import type { Runbook } from './guide.ts'
import type { Outcome, Rehearsal } from './rehearsal.ts'

export function freshOutcome({ runbook, fault, unrehearsed }: Rehearsal): Outcome {
  return { runbook, fault, ok: false, rehearsed: [], unrehearsed }
}

/**
 * What of a runbook was neither carried out nor excused: blocks, steps marked with their class, and symptoms that
 * nobody has seen. Also excuses for words that the runbook does not say.
 */
export function unaccounted(
  runbook: Runbook, outcome: Outcome, { text, done }: { text: string; done: Set<PlacedFence> },
): string[] {
  const excuses = Object.keys(outcome.unrehearsed)
  const named = [...outcome.rehearsed, ...excuses]
  const inBlock = ({ node }: PlacedFence) => excuses.some((excuse) => node.value.includes(excuse))
  const whole = [runbook.prose, ...[runbook.confirm, ...runbook.more].map(({ node }) => node.value)].join('\n')
  return [
    ...[runbook.confirm, ...runbook.more]
      .filter((fence) => !done.has(fence) && !inBlock(fence))
      .map(({ place }) => `${place} was neither run nor excused; run it in the rehearsal of ${runbook.name}`),
    ...runbook.steps
      .filter((step) => !named.some((words) => step.includes(words) || words.includes(step)))
      .map((step) => `${runbook.name}: "${step}" was neither carried out nor excused`),
    ...runbook.symptoms
      .filter((symptom) => !text.includes(symptom) && !excuses.includes(symptom))
      .map((symptom) => `${runbook.name}: nobody saw the symptom ${symptom}; correct it or say why`),
    ...excuses
      .filter((excuse) => !whole.includes(excuse))
      .map((excuse) => `${runbook.name} does not say "${excuse}"; remove the excuse`),
  ]
}
