/**
 * A resource server under load on loopback, with this library, with oauth4webapi, and without validation:
 *
 *     npm run bench:server [-- --alg ES256] [--rounds 5] [--seconds 3] [--connections 64] [--record]
 *
 * `--record` writes the figures to last-run.json, of which `npm run bench:charts` makes a table.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: {
    alg: { type: 'string', default: 'ES256' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    record: { type: 'boolean', default: false },
  },
})
const { alg, rounds, seconds, connections, record } = values

// the benchmarks are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), {
  configFile: false,
  // the fixtures are those of the tests, beside the sources
  ssr: { resolve: { conditions: ['@countersign/source'] } },
})
const numbers = { rounds: Number(rounds), seconds: Number(seconds), connections: Number(connections) }
await module.main({ alg, ...numbers, record })
