import type { AgentResult, Group } from '../../agents/result.ts'
import { escapeXml } from '../junit.ts'
import { checkLine, titleOf } from './terminal.ts'

/**
 * The result as JUnit XML: a suite for each client and arm, a test case for each threshold. A threshold that the runs
 * cannot decide is skipped, and runs without an answer are listed under the one on completion.
 */
export function junit({ groups, skill, verdict }: AgentResult): string {
  const all = groups.flatMap(({ checks }) => checks)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(`evals of ${skill} on agent clients: ${verdict}`)}" ${counts(all)}>`,
    ...groups.flatMap(suite),
    '</testsuites>',
  ].join('\n')
}

function suite(group: Group): string[] {
  const { checks, unusable, verdict } = group
  return [
    `  <testsuite name="${escapeXml(titleOf(group))}" ${counts(checks)}>`,
    `    <properties><property name="verdict" value="${verdict}"/></properties>`,
    ...checks.flatMap((check) => {
      const text = checkLine(check)
      const reasons = check.id === 'completion' ? unusable.map(({ kind, runs, example }) => `${runs} × ${kind}: ${example}`) : []
      return [
        `    <testcase classname="${escapeXml(titleOf(group))}" name="${escapeXml(check.id)}">`,
        ...(check.verdict === 'FAIL' ? [`      <failure message="${escapeXml(text)}"/>`] : []),
        ...(check.verdict === 'INCONCLUSIVE' ? [`      <skipped message="${escapeXml(text)}"/>`] : []),
        `      <system-out>${escapeXml([text, ...reasons].join('\n'))}</system-out>`,
        '    </testcase>',
      ]
    }),
    '  </testsuite>',
  ]
}

function counts(checks: Group['checks']): string {
  const of = (verdict: string) => checks.filter((check) => check.verdict === verdict).length
  return `tests="${checks.length}" failures="${of('FAIL')}" errors="0" skipped="${of('INCONCLUSIVE')}"`
}
