import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocument } from '../scripts/core/bundle.ts'
import { UsageError } from '../scripts/core/config.ts'
import { parseFrontmatter } from '../scripts/core/frontmatter.ts'
import { routesOf, type Route } from '../scripts/core/routing.ts'
import { decode } from '../scripts/core/text.ts'
import { parsePrompts, type Prompt } from '../scripts/core/triggers.ts'
import type { SkillCard } from './clients/client.ts'

/** Text of `file`. Throws `UsageError`. */
export function readText(file: string): string {
  let bytes
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`)
  }
  const decoded = decode(bytes)
  if ('problem' in decoded) throw new UsageError(`${file}: ${decoded.problem}`)
  return decoded.text
}

/** Value of the JSON in `file`. Throws `UsageError`. */
export function readJson(file: string): unknown {
  const text = readText(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${file}: not JSON (${oneLine((error as Error).message)}); correct it`)
  }
}

/** Write `text` to `file`. Throws `UsageError`. */
export function writeText(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** Write `text` to `file` and say so, or to standard output; returns the exit code of success. */
export function print(text: string, file?: string): 0 {
  if (file === undefined) {
    process.stdout.write(text)
  } else {
    writeText(file, text)
    process.stderr.write(`written to ${file}\n`)
  }
  return 0
}

/** Prompts of a trigger file in either format; plain positives expect `skill`. Throws `UsageError`. */
export function readPrompts(file: string, skill: string): Prompt[] {
  const parsed = parsePrompts(readText(file), skill)
  if ('problem' in parsed) throw new UsageError(`${file}: ${oneLine(parsed.problem)}`)
  return parsed.prompts
}

/** Name, description and routing table of the skill in `folder`. Throws `UsageError`. */
export function readSkill(folder: string): SkillCard & { routes: Route[] } {
  const path = join(folder, 'SKILL.md')
  readText(path)
  const document = readDocument(folder, 'SKILL.md', true)
  if (document.problem) throw new UsageError(`${path}: ${document.problem.reason}`)
  return { ...cardOf(path, document.text), routes: routesOf(document) }
}

/** The skills in the folders right below `folder`, without the one called `except`. Throws `UsageError`. */
export function readCatalog(folder: string, except: string): SkillCard[] {
  let names
  try {
    names = readdirSync(folder).sort()
  } catch (error) {
    throw new UsageError(`${folder}: ${reasonOf(error)}; the catalog is a folder of skills`)
  }
  const paths = names.flatMap((name) => skillFileIn(join(folder, name)) ?? [])
  const skills = paths.map((path) => cardOf(path, readText(path))).filter(({ name }) => name !== except)
  if (skills.length === 0)
    throw new UsageError(`${folder}: no other skill in it; the catalog needs folders with a NEIGHBOUR.md or SKILL.md`)
  const twice = skills.find(({ name }, index) => skills.findIndex((one) => one.name === name) !== index)
  if (twice) throw new UsageError(`${folder}: two skills are called "${twice.name}"; rename one`)
  return skills
}

/**
 * The skill file of `folder`, or `undefined`. The catalog of this repository calls it NEIGHBOUR.md: an installer
 * that copies the whole repository would otherwise give its users 38 skills that exist for tests alone.
 */
export function skillFileIn(folder: string): string | undefined {
  return ['SKILL.md', 'NEIGHBOUR.md']
    .map((name) => join(folder, name))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

function cardOf(path: string, text: string): SkillCard {
  const {
    data: { name, description },
    problems,
  } = parseFrontmatter(text)
  if (typeof name === 'string' && name !== '' && typeof description === 'string' && description.trim() !== '')
    return { name, description }
  throw new UsageError(`${path}: ${problems[0]?.reason ?? 'the frontmatter needs a name and a description, both text'}`)
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'does not exist'
    case 'EISDIR':
      return 'is a folder, a file is due'
    case 'ENOTDIR':
      return 'is not a folder'
    default:
      return `cannot be read (${code})`
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
