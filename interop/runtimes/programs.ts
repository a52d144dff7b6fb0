// Compiles the program against the published build: not against the sources, which vitest would take.
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** For Node, Bun and Deno: each resolves `countersign` itself, with its own export conditions. */
export function buildMain(): Promise<string> {
  return build('runtimes/main', { platform: 'node', external: [/^node:/, 'countersign'] })
}

/** For workerd: one module with the library in it, chosen by workerd's export conditions. */
export function buildWorker(): Promise<string> {
  const conditionNames = ['workerd', 'worker', 'browser', 'import', 'default']
  return build('runtimes/worker', { platform: 'neutral', resolve: { conditionNames } })
}

/** For pages: one module with the library in it. */
export function buildPage(): Promise<string> {
  return build('browsers/page', { platform: 'browser' })
}

/** @returns The file that was written. */
async function build(name: string, options: Parameters<typeof rolldown>[0]): Promise<string> {
  const file = fileURLToPath(new URL(`../${name.replace('/', '/dist/')}.js`, import.meta.url))
  const bundle = await rolldown({ ...options, input: fileURLToPath(new URL(`../${name}.ts`, import.meta.url)) })
  await bundle.write({ file, format: 'esm' })
  await bundle.close()
  return file
}
