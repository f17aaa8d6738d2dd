import en from 'zod/v4/locales/en.js'
import * as z from 'zod/mini'

z.config(en())

const about = (description: string) => z.describe(description)

/** One prompt of `evals/triggers.json`: what a person types, and what should happen. */
export const promptSchema = z
  .strictObject({
    id: z
      .string()
      .check(
        z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lowercase words joined by hyphens are due'),
        about('Unique, stable name of the prompt.'),
      ),
    query: z.string().check(z.minLength(3), about('The prompt as a person types it.')),
    should_trigger: z.boolean().check(about('Whether the skill under test should load.')),
    symptom: z
      .nullable(z.string())
      .check(about('Row of the routing table that the prompt belongs to; null for a negative.')),
    expected_skill: z.nullable(z.string()).check(about('Skill that should load; null when none should.')),
    references: z.strictObject({
      required: z.array(z.string()).check(about('References that hold the answer.')),
      acceptable: z.array(z.string()).check(about('References that may be read besides.')),
    }),
    split: z.enum(['train', 'validation']).check(about('Descriptions are tuned on train and judged on validation.')),
  })
  .check(
    z.superRefine((prompt, context) => {
      if (prompt.should_trigger && prompt.symptom === null) {
        context.addIssue({
          code: 'custom',
          path: ['symptom'],
          message: 'a prompt that should trigger needs its symptom',
          input: prompt,
        })
      }
      if (!prompt.should_trigger && prompt.references.required.length > 0) {
        context.addIssue({
          code: 'custom',
          path: ['references', 'required'],
          message: 'a prompt that should not trigger reads no reference',
          input: prompt,
        })
      }
    }),
  )

export const promptsSchema = z.array(promptSchema).check(z.minLength(1, 'at least one prompt is due'))

export type Prompt = z.infer<typeof promptSchema>

const plainSchema = z
  .array(z.strictObject({ query: z.string().check(z.minLength(1)), should_trigger: z.boolean() }))
  .check(z.minLength(1))

/** A prompt or a sentence that says what is wrong with the file, with the index of the prompt. */
export type Prompts = { prompts: Prompt[] } | { problem: string; index?: number }

/**
 * Parse the text of a trigger file: our own format, or the plain `[{query, should_trigger}]` that
 * other runners use; `skill` is the name that plain positives expect.
 */
export function parsePrompts(text: string, skill: string): Prompts {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: `not JSON (${(error as Error).message}); correct it` }
  }
  const plain = plainSchema.safeParse(value)
  if (plain.success) {
    return {
      prompts: plain.data.map(({ query, should_trigger }, index) => ({
        id: `prompt-${index + 1}`,
        query,
        should_trigger,
        symptom: should_trigger ? 'unsorted' : null,
        expected_skill: should_trigger ? skill : null,
        references: { required: [], acceptable: [] },
        split: 'validation',
      })),
    }
  }
  const parsed = promptsSchema.safeParse(value)
  if (!parsed.success) {
    const issue = (looksPlain(value) ? plain : parsed).error.issues[0]!
    const [index, ...rest] = issue.path
    const where =
      typeof index === 'number' ? `prompt ${index + 1}${rest.length > 0 ? `, ${rest.join('.')}` : ''}` : 'the file'
    return { problem: `${where}: ${issue.message}`, ...(typeof index === 'number' && { index }) }
  }
  const ids = new Map<string, number>()
  for (const [index, { id }] of parsed.data.entries()) {
    if (ids.has(id))
      return { problem: `prompts ${ids.get(id)! + 1} and ${index + 1} share the id "${id}"; rename one`, index }
    ids.set(id, index)
  }
  return { prompts: parsed.data }
}

/** Whether the prompts carry no id, so that their author meant the plain format. */
function looksPlain(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'object' && one !== null && !('id' in one))
  )
}
