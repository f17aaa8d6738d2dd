import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../scripts/core/config.ts'
import { agentNames, failures } from '../clients/agent.ts'
import { arms, type Job } from './plan.ts'

const skillSchema = z.object({
  name: z.string(), folder: z.string(), plugin: z.string().optional(), files: z.array(z.string()),
})

/** One recorded run: what the client printed and where its skills lay, enough to grade it again. */
export const recordSchema = z.object({
  version: z.literal(1),
  key: z.string(),
  client: z.enum(agentNames),
  clientVersion: z.string(),
  model: z.string().nullable(),
  arm: z.enum(arms),
  promptId: z.string(),
  query: z.string(),
  run: z.number().int().min(1),
  library: z.string(),
  project: z.string(),
  skills: z.array(skillSchema),
  lines: z.array(z.string()),
  stderr: z.string(),
  ended: z.enum(['answered', 'stopped', 'failed']),
  failure: z.object({ kind: z.enum(failures), message: z.string() }).optional(),
  /** Milliseconds. */
  duration: z.number(),
})

export type AgentRecord = z.infer<typeof recordSchema>

/** Recorded runs in a folder, one file each, named by the job's key. */
export interface Records {
  folder: string
  has(job: Pick<Job, 'key'>): boolean
  /** The record of a job. Throws `UsageError` when its file is broken. */
  read(job: Pick<Job, 'key'>): AgentRecord | undefined
  write(record: AgentRecord): void
  keys(): string[]
}

/** Open the folder of records, made when it is absent. */
export function openRecords(folder: string): Records {
  mkdirSync(folder, { recursive: true })
  const fileOf = (key: string) => join(folder, `${key}.json`)
  return {
    folder,
    has: ({ key }) => existsSync(fileOf(key)),
    read({ key }) {
      const file = fileOf(key)
      if (!existsSync(file)) return undefined
      const parsed = recordSchema.safeParse(jsonIn(file))
      if (!parsed.success) throw new UsageError(`${file}: not a record (${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}); delete it to run it again`)
      return parsed.data
    },
    write(record) {
      const partial = `${fileOf(record.key)}.${process.pid}.part`
      writeFileSync(partial, JSON.stringify(record))
      renameSync(partial, fileOf(record.key))
    },
    keys: () => readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)),
  }
}

/**
 * Copy the records of `sources` into `target`. Of two with one key an answer replaces a failure.
 * Throws `UsageError` before anything is copied.
 */
export function mergeRecords(sources: string[], target: string): { added: number; equal: number } {
  const absent = sources.find((source) => !existsSync(source))
  if (absent !== undefined) throw new UsageError(`${absent}: does not exist; name a folder of records`)
  const opened = sources.map(openRecords)
  const empty = opened.find((one) => one.keys().length === 0)
  if (empty) throw new UsageError(`${empty.folder}: holds no record`)
  // Twice, so that a broken record is found first and not all of them are held at once.
  for (const from of opened) for (const key of from.keys()) from.read({ key })
  const into = openRecords(target)
  let [added, equal] = [0, 0]
  for (const from of opened) {
    for (const key of from.keys()) {
      const record = from.read({ key })!
      const there = into.read(record)
      if (there && !(there.ended === 'failed' && record.ended !== 'failed')) equal++
      else {
        into.write(record)
        added++
      }
    }
  }
  return { added, equal }
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
