/** `npm run bench`: this library beside others; `npm run bench -- --help` says how. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// the benchmarks are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), {
  configFile: false,
  // the fixtures are those of the tests, beside the sources
  ssr: { resolve: { conditions: ['@countersign/source'] } },
})
await module.main(process.argv.slice(2), (url) => import(url))
