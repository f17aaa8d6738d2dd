import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { nameAt, writeSkills } from './generate.ts'

/** A project folder whose `.claude/skills` holds the skills that every tool is given. */
export interface SkillSet {
  title: string
  project: string
  skills: string[]
}

const parts = ['SKILL.md', 'references', 'assets', 'LICENSE']

/** This bundle as a user installs it: the skill's own files, without tests, evals and packages. */
export function bundleSet(root: string, name: string, parent: string): SkillSet {
  const project = join(parent, 'bundle')
  const target = join(project, '.claude/skills', name)
  mkdirSync(target, { recursive: true })
  for (const part of parts) {
    if (existsSync(join(root, part))) cpSync(join(root, part), join(target, part), { recursive: true })
  }
  return { title: 'This bundle, as installed (SKILL.md and references)', project, skills: [name] }
}

/** The first `count` generated skills. */
export function generatedSet(count: number, parent: string): SkillSet {
  const project = join(parent, String(count))
  writeSkills(join(project, '.claude/skills'), count)
  return {
    title: `${count.toLocaleString('en-US')} generated skills`, project,
    skills: Array.from({ length: count }, (_, index) => nameAt(index)),
  }
}
