import type { EvalResult } from '../run-evals.ts'
import { isMiss, isUnusable, type Answered } from '../score.ts'
import type { Check } from '../thresholds.ts'
import { limitOf, percent } from './format.ts'

/**
 * The result as JUnit XML. A threshold is a test case, so a red report and exit code 1 mean the same;
 * its output lists the prompts that missed. A prompt without an answer is a skipped test case.
 */
export function junit(result: EvalResult): string {
  const { checks, rows, skill, client, verdict } = result
  const failures = checks.filter(({ met }) => !met).length
  const unusable = rows.filter(isUnusable)
  const misses = rows.filter((row) => isMiss(row, skill))
  const name = `evals of ${skill} with the ${client.name} client`
  const counts = (tests: number, failed: number, skipped: number) =>
    `tests="${tests}" failures="${failed}" errors="0" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" ${counts(checks.length + unusable.length, failures, unusable.length)}>`,
    `  <testsuite name="thresholds" ${counts(checks.length, failures, 0)}>`,
    `    <properties><property name="verdict" value="${verdict}"/></properties>`,
    ...checks.flatMap((check) => thresholdCase(check, misses.filter((row) => concerns(check, row)))),
    '  </testsuite>',
    ...(unusable.length === 0
      ? []
      : [
          `  <testsuite name="prompts without an answer" ${counts(unusable.length, 0, unusable.length)}>`,
          ...unusable.flatMap((row) => [
            `    <testcase classname="unusable" name="${escapeXml(row.prompt.id)}">`,
            `      <skipped message="${escapeXml(row.unusable)}"/>`,
            '    </testcase>',
          ]),
          '  </testsuite>',
        ]),
    '</testsuites>',
  ].join('\n')
}

function thresholdCase(check: Check, misses: Answered[]): string[] {
  const text = `${check.what} is ${percent(check.measured)}, ${limitOf(check)} is due`
  const list = misses.map(({ prompt, loaded }) => {
    return `${prompt.id}: ${prompt.should_trigger ? 'missed' : 'false load'}, ${loaded ?? 'nothing'} loaded`
  })
  return [
    `    <testcase classname="thresholds" name="${escapeXml(check.id)}">`,
    ...(check.met ? [] : [`      <failure message="${escapeXml(text)}"/>`]),
    `      <system-out>${escapeXml([text, ...list].join('\n'))}</system-out>`,
    '    </testcase>',
  ]
}

function concerns({ id }: Check, { prompt }: Answered): boolean {
  const [group, ...rest] = id.split('.')
  if (group === 'symptom') return prompt.symptom === rest.join('.')
  return prompt.split === group && rest[0] === (prompt.should_trigger ? 'recall' : 'false-loads')
}

/** `text` for XML 1.0: markup escaped, characters that XML forbids shown as U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('&#10;', '\n')
}
