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

/** Copy the records of `sources` into `target`; returns how many were new. Throws `UsageError`. */
export function merge(sources: string[], target: string): number {
  const into = openRecords(target)
  let added = 0
  for (const source of sources) {
    if (!existsSync(source)) throw new UsageError(`${source}: does not exist; name a folder of records`)
    const from = openRecords(source)
    const keys = from.keys()
    if (keys.length === 0) throw new UsageError(`${source}: holds no record`)
    for (const key of keys) {
      if (into.has({ key })) continue
      into.write(from.read({ key })!)
      added++
    }
  }
  return added
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
