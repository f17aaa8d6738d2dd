import { registry } from '../validate/registry.ts'
import { loadBundle } from './bundle.ts'
import type { Config } from './config.ts'
import { fenceProof, fencesOf } from './fences.ts'
import type { Finding } from './finding.ts'
import { runRule } from './rule.ts'
import { suppress } from './suppress.ts'
import { tokensOf } from './tokens.ts'

/** How many code fences each kind of proof covers. */
export type FenceCount = Record<string, number>

export interface SkillResult {
  root: string
  name: string
  description: string
  files: string[]
  findings: [string, Finding][]
  /** Rules that SKILL.md disables for the whole file. */
  disabled: string[]
  fences: FenceCount
  tokens: Record<string, number>
}

/** Load the skill in `root` once and run every rule (or those in `only`) on it. */
export async function validateSkill(root: string, config: Config, only?: string[]): Promise<SkillResult> {
  const bundle = loadBundle(root)
  const findings: [string, Finding][] = []
  const ran = new Set<string>()
  for (const rule of registry) {
    if (config.rules[rule.id] === 'off' || (only && !only.includes(rule.id))) continue
    findings.push(...await runRule(rule, bundle, config))
    if (!rule.checkAll && (rule.isActive?.(config) ?? true)) ran.add(rule.id)
  }
  const fences: FenceCount = {}
  for (const document of bundle.documents.values()) {
    for (const fence of fencesOf(document)) {
      const proof = fenceProof(fence)
      fences[proof] = (fences[proof] ?? 0) + 1
    }
  }
  const { data } = bundle.skill.frontmatter ?? { data: {} as Record<string, unknown> }
  return {
    root,
    name: String(data.name ?? ''),
    description: String(data.description ?? ''),
    files: [...bundle.documents.keys()],
    ...suppress(bundle, findings, registry.map(({ id }) => id), ran),
    fences,
    tokens: tokensOf(bundle),
  }
}
