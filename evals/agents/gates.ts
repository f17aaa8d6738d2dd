import { runsToDecide, verdictOn } from '../intervals.ts'
import type { AgentGates, ArmGates } from '../thresholds.ts'
import type { AgentCheck, AgentResult, AgentVerdict, Group, Share } from './result.ts'

type Measured = Omit<Group, 'verdict' | 'checks'>

/**
 * Compare a group with the gates. Its interval decides, not the share: a client answers the same prompt now so, now so.
 * What was not measured at all, such as references on a client whose commands could not be followed, is inconclusive;
 * a check without a single prompt in the run is left out.
 */
export function checkGroup(group: Measured, gates: AgentGates): AgentCheck[] {
  const of: ArmGates = gates[group.arm]
  const symptoms = new Map(group.symptoms.map(({ symptom, recall }) => [symptom, recall]))
  return [
    completionCheck(group.completion, gates.minimumCompletion),
    ...check('recall', 'recall', 'at least', of.minimumRecall, group.recall),
    ...check('false-loads', 'false loads', 'at most', of.maximumFalseLoads, group.falseLoads),
    ...check('reference-recall', 'references found', 'at least', of.minimumReferenceRecall, group.references.recall),
    ...check('reference-precision', 'right of the references read', 'at least', of.minimumReferencePrecision, group.references.precision),
    ...[...symptoms].flatMap(([symptom, recall]) =>
      check(`symptom.${symptom}`, `recall of symptom ${symptom}`, 'at least', gates.minimumSymptomRecall, recall)),
  ]
}

/**
 * Verdict of a group. Too few answers, or a client that was never seen to load the skill, decide nothing. A single
 * symptom has few prompts, so it can fail a group but its doubt does not hold up the verdict.
 */
export function verdictOfGroup({ control }: Pick<Group, 'control'>, checks: AgentCheck[]): AgentVerdict {
  if (control === 'missing' || checks.some(({ id, verdict }) => id === 'completion' && verdict !== 'PASS')) return 'INCONCLUSIVE'
  if (checks.some(({ verdict }) => verdict === 'FAIL')) return 'FAIL'
  const deciding = checks.filter(({ id }) => !id.startsWith('symptom.'))
  return deciding.length > 1 && deciding.every(({ verdict }) => verdict === 'PASS') ? 'PASS' : 'INCONCLUSIVE'
}

/** FAIL when one group fails, else INCONCLUSIVE when one is, else PASS. */
export function verdictOfAll(groups: Pick<Group, 'verdict'>[]): AgentResult['verdict'] {
  if (groups.some(({ verdict }) => verdict === 'FAIL')) return 'FAIL'
  return groups.length > 0 && groups.every(({ verdict }) => verdict === 'PASS') ? 'PASS' : 'INCONCLUSIVE'
}

/** Completion describes this run and not others to come, so the share itself decides. */
function completionCheck(measured: Share, limit: number): AgentCheck {
  const verdict = (measured.rate ?? 0) >= limit ? 'PASS' : 'INCONCLUSIVE'
  return { id: 'completion', what: 'runs with an answer', kind: 'at least', limit, measured, verdict, moreRuns: null }
}

function check(id: string, what: string, kind: AgentCheck['kind'], limit: number, measured: Share): AgentCheck[] {
  if (measured.total === 0) return []
  const verdict = verdictOn(measured, kind, limit)
  const moreRuns = verdict === 'INCONCLUSIVE' ? runsToDecide(measured, kind, limit) : null
  return [{ id, what, kind, limit, measured, verdict, moreRuns }]
}
