// `npm run docs` makes the API reference; with --check it only says whether it can be made.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// the tools are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
process.exitCode = await module.main({ onlyCheck: process.argv.includes('--check') })
