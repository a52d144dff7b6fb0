// `npm run rulebook` writes what is generated from the rules; with --check it only says whether that is up to date.
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

// the tools are TypeScript, which Node 20 does not run by itself
const { module } = await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), { configFile: false })
process.exitCode = await module.main({ onlyCheck: process.argv.includes('--check') })
