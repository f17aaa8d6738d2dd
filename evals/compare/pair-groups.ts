import type { Side, SideGroup } from './side.ts'

/**
 * Groups of the same client and arm, and what a reader should know of them. Where each side has one model they are
 * paired though the models differ: two models can be compared like two descriptions.
 */
export function pairGroups(a: Side, b: Side): { pairs: [SideGroup, SideGroup][]; notes: string[] } {
  const notes = [...a.notes.map((note) => `${a.label}: ${note}`), ...b.notes.map((note) => `${b.label}: ${note}`)]
  const pairs = a.groups.flatMap((group): [SideGroup, SideGroup][] => {
    const beside = b.groups.filter((other) => place(other) === place(group))
    const alone = a.groups.filter((other) => place(other) === place(group)).length === 1 && beside.length === 1
    const partner = beside.find(({ model }) => model === group.model) ?? (alone ? beside[0] : undefined)
    return partner ? [[group, partner]] : []
  })
  const paired = new Set(pairs.flat())
  for (const [side, groups] of [[a, a.groups], [b, b.groups]] as const) {
    const left = groups.filter((group) => !paired.has(group))
    if (left.length > 0) notes.push(`only in ${side.label}: ${left.map((group) => `${place(group)}${group.model ? ` (${group.model})` : ''}`).join('; ')}`)
  }
  for (const [x, y] of pairs) {
    if (x.model !== y.model) notes.push(`${place(x)}: the models differ, ${x.model ?? 'the default'} and ${y.model ?? 'the default'}`)
    for (const [side, group] of [[a, x], [b, y]] as const) {
      if (!group.control) notes.push(`${side.label}: ${place(group)} was never seen to load the skill, so it decides nothing`)
    }
  }
  if (a.skill !== b.skill) notes.push(`the skills have different names, ${a.skill} and ${b.skill}`)
  if (a.description !== undefined && a.description === b.description) notes.push('both sides have the same description')
  return { pairs, notes }
}

const place = ({ client, arm }: SideGroup): string => `${client}, ${arm}`
