import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take minutes: begun first, they do not run alone at the end. */
const long = ['outcome/tasks', 'rehearse/rehearse', 'fences/turborepo', 'core/skill', 'fences/sql', 'fences/lock-queues']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const index = long.findIndex((part) => moduleId.endsWith(`${part}.test.ts`))
      return index === -1 ? long.length : index
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

/** Rules are pure and share nothing, so their many small files need no fresh module graph each. */
const pure = 'scripts/{audit,validate}/**/*.test.ts'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    sequence: { sequencer: LongFirst },
    // By default one core is left idle, which on two cores means one file at a time.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'rules', include: [pure], exclude: ['**/fixtures/**'], isolate: false } },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['{scripts,evals}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/fixtures/**', 'evals/tasks/**', 'evals/clients/real/**', pure],
        },
      },
    ],
  },
})
