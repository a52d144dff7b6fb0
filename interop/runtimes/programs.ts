// Compiles the sign-in program against the published build: not against the sources, that vitest would take.
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

/** One module for Node, Bun and Deno: each resolves `countersign` itself, with its own export conditions. */
export async function buildProgram(): Promise<string> {
  return await build('main.ts', 'dist/main.js', { platform: 'node', external: [/^node:/, 'oauth4webapi'] })
}

/** One module with the library in it, chosen by workerd's export conditions. */
export async function buildWorker(): Promise<string> {
  const conditionNames = ['workerd', 'worker', 'browser', 'import', 'default']
  return await build('worker.ts', 'dist/worker.js', { platform: 'neutral', resolve: { conditionNames } })
}

async function build(input: string, output: string, options: Parameters<typeof rolldown>[0]): Promise<string> {
  const bundle = await rolldown({ ...options, input: here(input) })
  await bundle.write({ file: here(output), format: 'esm' })
  await bundle.close()
  return here(output)
}
