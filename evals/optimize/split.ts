import { UsageError } from '../../scripts/core/config.ts'
import type { Prompt } from '../../scripts/core/triggers.ts'

/**
 * Refuse prompts on which tuning would mean nothing: a symptom or a side with fewer than `minimum` prompts in a split,
 * or a prompt that is in both. Throws `UsageError`.
 */
export function checkSplit(prompts: Prompt[], minimum: number, file: string): void {
  const kinds = new Map<string, Record<Prompt['split'], number>>()
  const count = (kind: string, split: Prompt['split']) => {
    const counts = kinds.get(kind) ?? { train: 0, validation: 0 }
    counts[split]++
    kinds.set(kind, counts)
  }
  for (const kind of ['prompts that should load the skill', 'prompts that should not']) kinds.set(kind, { train: 0, validation: 0 })
  for (const { should_trigger, symptom, split } of prompts) {
    count(should_trigger ? 'prompts that should load the skill' : 'prompts that should not', split)
    if (should_trigger) count(`prompts of symptom ${symptom}`, split)
  }
  const thin = [...kinds].flatMap(([kind, counts]) =>
    (['train', 'validation'] as const).filter((split) => counts[split] < minimum).map((split) => `${counts[split]} ${kind} in ${split}`))
  if (thin.length > 0) {
    const more = thin.length > 1 ? ` and ${thin.length - 1} more like it` : ''
    throw new UsageError(`${file}: degenerate split, ${thin[0]}${more}; at least ${minimum} of each are due, add prompts or lower --minimum`)
  }
  const train = new Map(prompts.filter(({ split }) => split === 'train').map(({ id, query }) => [plain(query), id]))
  const twin = prompts.find(({ split, query }) => split === 'validation' && train.has(plain(query)))
  if (twin) throw new UsageError(`${file}: degenerate split, ${twin.id} in validation repeats ${train.get(plain(twin.query))} in train; reword or delete one`)
}

const plain = (query: string): string => query.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
