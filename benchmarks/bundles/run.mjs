/**
 * How large this library is in a program for a browser, beside others, and how long Node takes to import it:
 *
 *     npm run bench:size [-- --record] [-- --check]
 *
 * `--record` writes the sizes to sizes.json. `--check` fails where one has grown by more than 3 % over that.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: { record: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

// the benchmarks are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
process.exitCode = await module.main(values)
