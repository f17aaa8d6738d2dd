import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tool } from './peers.ts'
import { run } from './measure.ts'

interface Defect {
  kind: 'description' | 'link' | 'style'
  /** Lines of output that speak of it. */
  sign: RegExp
  plant(text: string): string
}

/** What a tool may notice: a defect of the skill format, of the links and of the Markdown. */
export const defects: Defect[] = [
  { kind: 'description', sign: /descri/i, plant: (text) => text.replace(/^description: .*\r?\n/m, '') },
  { kind: 'link', sign: /missing-guide/, plant: (text) => `${text}\nSee [the guide](references/missing-guide.md).\n` },
  { kind: 'style', sign: /emphasis|MD049/i, plant: (text) => `${text}\nThis *one* and that _other_ word.\n` },
]

/**
 * Which planted defects `tool` tells of. `clean` is its output without them; a tool that says the same
 * with and without a defect checks nothing that matters here, however fast it is.
 */
export async function noticed(
  node: string, tool: Tool, project: string, skills: string[], clean: string,
): Promise<Defect['kind'][]> {
  const found: Defect['kind'][] = []
  for (const group of skills.length >= defects.length ? [defects] : defects.map((defect) => [defect])) {
    const skillFor = (index: number) => skills[Math.floor((skills.length * index) / group.length)]!
    const planted = group.map((defect, index) => ({ defect, name: skillFor(index) }))
    const commands = tool.commands(tool.perSkill ? planted.map(({ name }) => name) : skills)
    const before = tool.perSkill ? (await run(node, commands, project)).output : clean
    const originals = planted.map(({ defect, name }) => {
      const path = join(project, '.claude/skills', name, 'SKILL.md')
      const text = readFileSync(path, 'utf8')
      writeFileSync(path, defect.plant(text))
      return { path, text }
    })
    const { output } = await run(node, commands, project)
    for (const { path, text } of originals) writeFileSync(path, text)
    const told = planted.filter(({ defect, name }) => tells(before, output, defect, name))
    found.push(...told.map(({ defect }) => defect.kind))
  }
  return found
}

/** Whether `after` has lines of the defect's kind, or about the skill, that `before` lacks. */
function tells(before: string, after: string, { sign }: Defect, name: string): boolean {
  const matching = (text: string) => text.split('\n').filter((line) => sign.test(line)).length
  if (matching(after) > matching(before)) return true
  const about = (text: string) => {
    return text.split('\n').filter((line) => line.includes(name)).map((line) => line.replace(/\d+/g, '#'))
  }
  const known = new Set(about(before))
  return about(after).some((line) => !known.has(line))
}
