import type { Group, Share } from '../../../agents/result.ts'

/** `74.4 %`, or a dash when nothing was counted. */
export const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)

/** `180 of 242` and `95 %: 68.5–79.5`. */
export const countLines = ({ hits, total, low, high }: Share): string[] =>
  total === 0 ? ['nothing counted'] : [`${number(hits)} of ${number(total)}`, `95 %: ${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}`]

export const countOf = (share: Share): string => countLines(share).join(', ')

export const number = (value: number): string => Math.round(value).toLocaleString('en-US')

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

export const dollars = (value: number): string => `$${value.toFixed(value < 1 ? 4 : 2)}`

export const groupName = ({ client, arm, model }: Pick<Group, 'client' | 'arm' | 'model'>): string =>
  `${client}${model === null ? '' : ` (${model})`}, ${arm}`

/** Value that tells groups apart in filters. */
export const groupKey = ({ client, arm, model }: Pick<Group, 'client' | 'arm' | 'model'>): string => JSON.stringify([client, model, arm])

export const skillName = (name: string | null): string => name ?? '(none)'
