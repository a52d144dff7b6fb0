/**
 * The long form of the differential test:
 *
 *     npm run differential -- --cases 100000 [--engine node|web] [--seed N] [--topic NAME] [--path P] [--record]
 *
 * `--record` writes the figures to last-run-ENGINE.md. `--seed`, `--topic` and `--path` are printed with every finding.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    engine: { type: 'string', default: 'node' },
    seed: { type: 'string' },
    topic: { type: 'string' },
    path: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
})

const settings = {
  COUNTERSIGN_DIFFERENTIAL_CASES: values.cases,
  COUNTERSIGN_DIFFERENTIAL_SEED: values.seed ?? String(Math.trunc(Math.random() * 0x7fffffff)),
  COUNTERSIGN_DIFFERENTIAL_TOPIC: values.topic,
  COUNTERSIGN_DIFFERENTIAL_PATH: values.path,
  COUNTERSIGN_DIFFERENTIAL_RECORD: values.record
    ? fileURLToPath(new URL(`last-run-${values.engine}.md`, import.meta.url))
    : undefined,
}
for (const [name, value] of Object.entries(settings)) if (value !== undefined) process.env[name] = value

const run = await startVitest('test', ['tools/differential/differential.test.ts'], {
  watch: false,
  project: [values.engine],
})
await run.close()
