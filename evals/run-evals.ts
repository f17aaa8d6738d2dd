import { join, relative, resolve } from 'node:path'
import { UsageError } from '../scripts/core/config.ts'
import type { Prompt } from '../scripts/core/triggers.ts'
import type { Client, Library } from './clients/client.ts'
import { lexicalClient } from './clients/lexical.ts'
import { readCatalog, readPrompts, readSkill } from './files.ts'
import { isAnswered, score, type Row, type Score } from './score.ts'
import { checkGates, readThresholds, type Check } from './thresholds.ts'

export const splits = ['train', 'validation', 'all'] as const
export const clientNames = ['lexical'] as const

const repository = resolve(import.meta.dirname, '..')

export interface EvalOptions {
  client?: (typeof clientNames)[number]
  /** Trigger file, skill, catalog and thresholds; by default those of this repository. */
  triggers?: string
  skill?: string
  catalog?: string
  thresholds?: string
  split?: (typeof splits)[number]
  /** Called before the first prompt and after each one. */
  onProgress?: (done: number, total: number) => void
}

/** Result of a run; `report/json.ts` prints it as it is. */
export interface EvalResult {
  version: 1
  client: { name: string; about: string }
  skill: string
  /** Number of skills that stand beside it. */
  neighbours: number
  split: (typeof splits)[number]
  verdict: 'pass' | 'fail' | 'inconclusive'
  checks: Check[]
  /** What a reader should know before trusting the numbers. */
  notes: string[]
  score: Score
  rows: Row[]
}

/** Paths that `options` leave out, filled with those of this repository. */
export function defaultPaths(options: EvalOptions): Record<'triggers' | 'skill' | 'catalog' | 'thresholds', string> {
  const own = (path: string) => {
    const full = join(repository, path)
    const near = relative('', full)
    return near.startsWith('..') ? full : near || '.'
  }
  return {
    triggers: options.triggers ?? own('evals/triggers.json'),
    skill: options.skill ?? own('.'),
    catalog: options.catalog ?? own('evals/catalog'),
    thresholds: options.thresholds ?? own('evals/thresholds.json'),
  }
}

/**
 * Ask a client which skill loads for each prompt, score the answers and compare them with the
 * thresholds. Throws `UsageError` when the run cannot start.
 */
export async function runEvals(options: EvalOptions = {}): Promise<EvalResult> {
  const paths = defaultPaths(options)
  const { settings, gates } = readThresholds(paths.thresholds).lexical
  const library = readLibrary(paths.skill, paths.catalog)
  const split = options.split ?? 'all'
  const { prompts, notes } = selectPrompts(readPrompts(paths.triggers, library.skill.name), library, split)
  if (prompts.length === 0) throw new UsageError(`${paths.triggers}: no prompt is in the split "${split}"`)
  const client = lexicalClient(library, settings)
  await checkControl(client, library.skill.name)
  const rows = await ask(client, prompts, options.onProgress)
  const scored = score(rows, library.skill.name, namesOf(library))
  const checks = checkGates(scored, gates)
  return {
    version: 1,
    client: { name: client.name, about: client.about },
    skill: library.skill.name,
    neighbours: library.catalog.length,
    split,
    verdict: verdictOf(checks),
    checks,
    notes,
    score: scored,
    rows,
  }
}

/** The skill in `folder` and its neighbours in `catalog`. Throws `UsageError`. */
export function readLibrary(folder: string, catalog: string): Library {
  const { routes, ...skill } = readSkill(folder)
  return { skill, routes, catalog: readCatalog(catalog, skill.name) }
}

/** Names of all skills of a library, the one under test first. */
export function namesOf({ skill, catalog }: Library): string[] {
  return [skill, ...catalog].map(({ name }) => name)
}

/** The prompts of `split`; what should trigger counts for the skill under test, whatever its name. */
export function selectPrompts(
  all: Prompt[],
  { skill, catalog, routes }: Library,
  split: string,
): { prompts: Prompt[]; notes: string[] } {
  const notes: string[] = []
  const selected = all.filter((prompt) => split === 'all' || prompt.split === split)
  const renamed = selected.filter(
    ({ should_trigger, expected_skill }) => should_trigger && expected_skill !== skill.name,
  )
  if (renamed.length > 0) {
    notes.push(`${renamed.length} positives expect another name than ${skill.name}; they count for ${skill.name}`)
  }
  const known = new Set(catalog.map(({ name }) => name))
  const absent = new Set(
    selected
      .filter(({ should_trigger }) => !should_trigger)
      .flatMap(({ expected_skill }) => expected_skill ?? [])
      .filter((name) => !known.has(name)),
  )
  if (absent.size > 0) notes.push(`not in the catalog, so they cannot load: ${[...absent].sort().join(', ')}`)
  if (routes.length === 0) notes.push('SKILL.md has no table "Open when …" | "Read", so no reference is found')
  return {
    prompts: selected.map((prompt) => (prompt.should_trigger ? { ...prompt, expected_skill: skill.name } : prompt)),
    notes,
  }
}

/** Ask `client` about each prompt; an error makes that prompt unusable and stops nothing. */
export async function ask(client: Client, prompts: Prompt[], onProgress?: EvalOptions['onProgress']): Promise<Row[]> {
  const rows: Row[] = []
  onProgress?.(0, prompts.length)
  for (const prompt of prompts) {
    try {
      const { skill, ...rest } = await client.decide(prompt.query)
      rows.push({ prompt, loaded: skill, ...rest })
    } catch (error) {
      rows.push({ prompt, unusable: String((error as Error)?.message ?? error).split('\n')[0]! })
    }
    onProgress?.(rows.length, prompts.length)
  }
  return rows
}

/** Without a prompt that certainly loads the skill, "nothing loaded" could mean that nothing works. */
export async function checkControl(client: Client, ours: string): Promise<void> {
  const [row] = await ask(client, [{ query: client.control } as Prompt])
  if (row && isAnswered(row) && row.loaded === ours) return
  const seen = row && !isAnswered(row) ? `could not answer (${row.unusable})` : `loaded ${row?.loaded ?? 'nothing'}`
  throw new UsageError(
    `the positive control failed: on its own description ${ours} should load, but the ${client.name} client ${seen}`,
  )
}

/** Too few answers decide nothing, whatever the others say. */
export function verdictOf(checks: Check[]): EvalResult['verdict'] {
  if (checks.some(({ id, met }) => id === 'completion' && !met)) return 'inconclusive'
  return checks.every(({ met }) => met) ? 'pass' : 'fail'
}
