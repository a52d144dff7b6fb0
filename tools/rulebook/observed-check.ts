import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const OBSERVED_CHECK = fileURLToPath(
  new URL('../../packages/countersign/src/testing/observed-check.ts', import.meta.url),
)

/** Lets the tests suspend a rule, to see that nothing else refuses in its place; see the file that stands in. */
export function observedCheck(): Plugin {
  return {
    name: 'observed-check',
    enforce: 'pre',
    resolveId: (source) => (source.endsWith('/rules/check.ts') ? OBSERVED_CHECK : undefined),
  }
}
