import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['evals/clients/real/**/*.test.ts'], testTimeout: 120_000, maxWorkers: 2, reporters: ['default'] },
})
