import { defineConfig } from 'vitest/config'
import { observedCheck } from '../rulebook/observed-check.ts'

const conditions = ['@countersign/source', 'node']

/**
 * The tests that mutants are shown to: those of the library, beside its code. Not the ones that feed it generated input:
 * they take most of the time, and what only they notice would be noticed on a lucky day. They run on Node's engine; what
 * is told of the other one is told by its own tests. One worker that keeps its modules takes a quarter of the time of the
 * usual one a file.
 */
export default defineConfig({
  plugins: [observedCheck()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    env: { COUNTERSIGN_ENGINE: 'node' },
    include: ['packages/countersign/src/**/*.test.ts'],
    exclude: ['**/*hostile*.test.ts', '**/node_modules/**'],
    isolate: false,
  },
})
