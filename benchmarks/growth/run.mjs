/**
 * Time and memory as issuers, keys and pending transactions become many:
 *
 *     npm run bench:growth [-- --rounds 3] [-- --record]
 *
 * `--record` writes the figures to last-run.json, of which `npm run bench:charts` makes charts.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, record: { type: 'boolean', default: false } },
})

// the benchmarks are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
await module.main({ rounds: Number(values.rounds), record: values.record })
