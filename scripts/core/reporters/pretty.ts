import { styleText } from 'node:util'
import { reporter } from 'vfile-reporter'
import { VFile } from 'vfile'
import { printable } from '../finding.ts'
import type { RunResult } from '../run.ts'

/** Findings as `vfile-reporter` prints them, then the summary. */
export function pretty(result: RunResult, quiet: boolean): string {
  const color = usesColor()
  const files = result.files
    .filter(({ messages }) => messages.length > 0)
    .map(({ path, messages }) => {
      const file = new VFile({ path: printable(path) })
      file.messages.push(...messages)
      return file
    })
  const report = files.length === 0 ? '' : `${reporter(files, { color, quiet })}\n\n`
  return report + summary(result, color)
}

function summary({ files, skills, rules, fences, tokens }: RunResult, color: boolean): string {
  const all = files.flatMap(({ messages }) => messages)
  const count = (severity: string) => all.filter((message) => message.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  const verdict =
    errors > 0
      ? paint('red', 'failed', color)
      : warnings > 0
        ? paint('yellow', 'passed with warnings', color)
        : paint('green', 'passed', color)
  const lines = [
    `${plural(skills, 'skill')}, ${plural(files.length, 'file')}, ${plural(rules, 'rule')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}: ${verdict}`,
  ]
  const total = Object.values(fences).reduce((sum, one) => sum + one, 0)
  if (fences.quoted || fences.unchecked || fences['anti-example']) {
    const parts = Object.entries(fences)
      .sort(([, a], [, b]) => b - a)
      .map(([proof, number]) => `${number} ${proof === 'none' ? 'undeclared' : proof}`)
    lines.push(`${plural(total, 'code fence')}: ${parts.join(', ')}`)
  }
  if (skills === 1 && Object.keys(tokens).length > 0) lines.push(`tokens (o200k_base): ${tokenLine(tokens)}`)
  return lines.join('\n')
}

function tokenLine(tokens: Record<string, number>): string {
  const isSkill = ([path]: [string, number]) => path.endsWith('SKILL.md')
  const skill = Object.entries(tokens).filter(isSkill).map(([path, number]) => `${path} ${format(number)}`)
  const others = Object.entries(tokens).filter((entry) => !isSkill(entry)).sort(([, a], [, b]) => b - a)
  const [largest] = others
  const rest = largest ? [`${plural(others.length, 'reference')}, the largest ${largest[0]} ${format(largest[1])}`] : []
  return [...skill, ...rest].join('; ')
}

function format(number: number): string {
  return number.toLocaleString('en-US')
}

/** Whether standard output takes colours. */
export function usesColor(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR
}

/** `text` in a colour, or as it is. */
export function paint(style: 'red' | 'yellow' | 'green', text: string, color: boolean): string {
  return color ? styleText(style, text, { validateStream: false }) : text
}

/** `1 file`, `2 files`. */
export function plural(number: number, word: string): string {
  return `${number.toLocaleString('en-US')} ${word}${number === 1 ? '' : 's'}`
}
