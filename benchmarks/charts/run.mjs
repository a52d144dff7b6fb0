/** `npm run bench:charts`: the figures and charts of docs/performance.md, of what the benchmarks have recorded. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// the benchmarks are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
await module.main()
