import { z } from 'zod'
import { agentNames, failures } from '../clients/agent.ts'
import { arms } from './plan.ts'

/** `missing`: the run never took place, because the command was stopped or the budget was used up. */
export const unusableKinds = [...failures, 'missing'] as const

/** Share of runs with a Wilson 95 % interval that counts runs of one prompt as alike (`intervals.ts`); all in 0 … 1. */
export const shareSchema = z.strictObject({
  hits: z.number().int().min(0),
  total: z.number().int().min(0),
  rate: z.number().nullable().describe('null when nothing was counted'),
  low: z.number(),
  high: z.number(),
  effective: z.number().describe('number of independent runs that hold as much information'),
})

const referencesSchema = z.strictObject({
  recall: shareSchema.describe('required references that were read'),
  precision: shareSchema.describe('references read that are required or acceptable'),
})

export const verdicts = ['PASS', 'FAIL', 'INCONCLUSIVE'] as const

const checkSchema = z.strictObject({
  id: z.string().describe('for example recall or symptom.jobs'),
  what: z.string(),
  kind: z.enum(['at least', 'at most']),
  limit: z.number(),
  measured: shareSchema,
  verdict: z.enum(verdicts),
  moreRuns: z.number().int().nullable()
    .describe('further independent runs after which the same share would decide; null when decided or out of reach'),
})

const spreadSchema = z.strictObject({ total: z.number(), mean: z.number(), median: z.number(), p95: z.number() })

/** What one client did in one arm. */
const groupSchema = z.strictObject({
  client: z.enum(agentNames),
  clientVersion: z.string().describe('several, joined by commas, when runs of several were merged'),
  model: z.string().nullable().describe("null: the client's default"),
  arm: z.enum(arms),
  verdict: z.enum(verdicts),
  checks: z.array(checkSchema),
  control: z.enum(['fired', 'missing']).describe('whether a prompt that must load the skill did, before scores counted'),
  completion: shareSchema.describe('planned runs that say something about the skill; all shares below are of those'),
  unusable: z.array(z.strictObject({
    kind: z.enum(unusableKinds), runs: z.number().int(), example: z.string(),
  })),
  recall: shareSchema,
  falseLoads: shareSchema,
  rightSkill: shareSchema.describe('runs in which the expected skill, or none as expected, loaded'),
  references: referencesSchema,
  splits: z.array(z.strictObject({ split: z.enum(['train', 'validation']), recall: shareSchema, falseLoads: shareSchema })),
  skills: z.array(z.strictObject({
    name: z.string(),
    recall: shareSchema.describe('runs of its own prompts in which it loaded'),
    falseLoads: shareSchema.describe('runs of other prompts in which it loaded all the same'),
  })),
  symptoms: z.array(z.strictObject({ symptom: z.string(), recall: shareSchema, references: referencesSchema })),
  confusion: z.array(z.strictObject({
    expected: z.string().nullable(), loaded: z.string().nullable(), runs: z.number().int(),
  })).describe('cells that are not zero, most runs first; null stands for no skill'),
  tokens: z.strictObject({
    input: spreadSchema.describe('cached ones included'), output: spreadSchema,
  }).describe('per usable run'),
  cost: spreadSchema.nullable().describe('US dollars per usable run whose client tells; null when none does'),
  duration: spreadSchema.describe('milliseconds per usable run'),
})

const promptSchema = z.strictObject({
  id: z.string(),
  query: z.string(),
  split: z.enum(['train', 'validation']),
  should_trigger: z.boolean(),
  expected_skill: z.string().nullable(),
  symptom: z.string().nullable(),
  references: z.strictObject({ required: z.array(z.string()), acceptable: z.array(z.string()) }),
})

/** One run of one prompt. `unusable` and `loaded` exclude each other. */
const rowSchema = z.strictObject({
  prompt: z.string().describe('id of the prompt'),
  client: z.enum(agentNames),
  model: z.string().nullable(),
  arm: z.enum(arms),
  run: z.number().int(),
  key: z.string().describe('name of its record'),
  loaded: z.string().nullable().optional().describe('ours when it loaded at all, else the expected skill, else the first'),
  loads: z.array(z.string()).describe('all skills that loaded, in order'),
  references: z.array(z.string()).optional().describe('left out where a command could not be followed'),
  unusable: z.strictObject({ kind: z.enum(unusableKinds), message: z.string() }).optional(),
  tokens: z.strictObject({ input: z.number(), output: z.number() }),
  cost: z.number().optional().describe('US dollars'),
  duration: z.number().describe('milliseconds'),
})

/** What `npm run evals -- --client … --format json` prints; `result.schema.json` is made from this. */
export const resultSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('agents'),
  skill: z.string(),
  description: z.string().describe('of the skill under test'),
  library: z.strictObject({ isolated: z.string(), crowded: z.string() })
    .describe('content hash of the skills of each arm'),
  neighbours: z.number().int(),
  split: z.enum(['train', 'validation', 'all']),
  runs: z.number().int().describe('runs of each prompt on each client and arm'),
  verdict: z.enum(verdicts).describe('the worst of the groups: FAIL, then INCONCLUSIVE'),
  notes: z.array(z.string()).describe('what a reader should know before trusting the numbers'),
  groups: z.array(groupSchema),
  prompts: z.array(promptSchema),
  rows: z.array(rowSchema),
})

export type AgentResult = z.infer<typeof resultSchema>
export type Group = z.infer<typeof groupSchema>
export type AgentCheck = z.infer<typeof checkSchema>
export type AgentVerdict = (typeof verdicts)[number]
export type Share = z.infer<typeof shareSchema>
export type Spread = z.infer<typeof spreadSchema>
export type UnusableKind = (typeof unusableKinds)[number]
export type ResultRow = z.infer<typeof rowSchema>

/** JSON Schema of the result. */
export function resultJsonSchema(): string {
  return `${JSON.stringify({ title: 'Result of evals on agent clients', ...z.toJSONSchema(resultSchema) }, null, 2)}\n`
}
