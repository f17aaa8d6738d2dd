import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{scripts,evals}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'evals/tasks/**', 'evals/clients/real/**'],
    testTimeout: 30_000,
  },
})
