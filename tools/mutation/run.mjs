/**
 * Mutation testing of the modules that validate:
 *
 *     npm run mutation -- [--module NAME]... [--engine node|web] [--record] [--incremental]
 *     npm run mutation -- --page
 *
 * It takes hours on two cores, and minutes with --module. `--record` writes the figures and docs/mutation.md; `--page`
 * only the latter, after a change of survivors.json. `--incremental` takes over what the last run with it
 * found, and tries mutants of code that changed, those that tests of a changed file noticed, and survivors.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const { values } = parseArgs({
  options: {
    module: { type: 'string', multiple: true, default: [] },
    engine: { type: 'string', default: 'node' },
    record: { type: 'boolean', default: false },
    incremental: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
})

// the tools are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
const { module: modules, ...others } = values
process.exitCode = await module.main({ modules, ...others })
