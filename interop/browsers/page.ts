// The same for a page: configuration from the server that the page comes from, the outcome back to it.
import type { Configuration } from '../runtimes/program/configuration.ts'
import { runProgram } from '../runtimes/program/program.ts'

const response = await fetch('/configuration')
// page-server.ts wrote it from a value of this type
const outcome = await runProgram((await response.json()) as Configuration).catch((error: unknown) => ({
  crash: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error),
}))
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
