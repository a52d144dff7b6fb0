import { defineConfig } from 'vitest/config'
import { observedCheck } from '../rulebook/observed-check.ts'

const engine = process.env.COUNTERSIGN_ENGINE ?? 'node'
const conditions = ['@countersign/source', engine === 'web' ? '@countersign/web-engine' : 'node']

/**
 * The tests that mutants are shown to: those of the library, beside its code, with one of its engines. Not the ones that feed
 * it generated input: they take most of the time, and what only they notice would be noticed on a lucky day. One worker that
 * keeps its modules takes a quarter of the time of the usual one a file.
 */
export default defineConfig({
  plugins: [observedCheck()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    env: { COUNTERSIGN_ENGINE: engine },
    include: ['packages/countersign/src/**/*.test.ts'],
    exclude: ['**/*hostile*.test.ts', '**/node_modules/**'],
    isolate: false,
  },
})
