import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { ruleProof } from './tools/rulebook/proof-reporter.ts'

const OBSERVED_CHECK = fileURLToPath(new URL('packages/countersign/src/testing/observed-check.ts', import.meta.url))

/** Lets the tests suspend a rule, to see that nothing else refuses in its place; see the file that stands in. */
function observedCheck(): Plugin {
  return {
    name: 'observed-check',
    enforce: 'pre',
    resolveId: (source) => (source.endsWith('/rules/check.ts') ? OBSERVED_CHECK : undefined),
  }
}

export default defineConfig({
  plugins: [observedCheck(), ruleProof()],
  resolve: { conditions: ['@countersign/source'] },
  ssr: { resolve: { conditions: ['@countersign/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'interop/**/*.test.ts', 'tools/**/*.test.ts', 'examples/**/*.test.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/countersign/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text'],
    },
  },
})
