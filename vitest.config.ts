import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { observedCheck } from './tools/rulebook/observed-check.ts'
import { ruleProof } from './tools/rulebook/proof-reporter.ts'

/** The tests of some files, with one of the library's engines behind `#engine`. */
function withEngine(name: string, condition: string, include: string[]): TestProjectInlineConfiguration {
  const conditions = ['@countersign/source', condition]
  const test = { name, include, env: { COUNTERSIGN_ENGINE: name } }
  return { extends: true, resolve: { conditions }, ssr: { resolve: { conditions } }, test }
}

const LIBRARY = 'packages/countersign/src/**/*.test.ts'

export default defineConfig({
  plugins: [observedCheck(), ruleProof()],
  test: {
    // for what hangs: a machine that is busy may be many times as slow as another one
    testTimeout: 120_000,
    hookTimeout: 180_000,
    projects: [
      withEngine('node', 'node', [
        LIBRARY,
        'packages/{backchannel,cli}/src/**/*.test.ts',
        'interop/**/*.test.ts',
        'tools/**/*.test.ts',
        'examples/**/*.test.ts',
        'benchmarks/**/*.test.ts',
      ]),
      withEngine('web', '@countersign/web-engine', [LIBRARY, 'tools/differential/differential.test.ts']),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/countersign/src/**/*.ts', 'packages/backchannel/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text'],
    },
  },
})
