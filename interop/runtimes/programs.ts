// Compiles the sign-in program against the published build: not against the sources, which vitest would take.
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

export interface Programs {
  /** For Node, Bun and Deno: each resolves `countersign` itself, with its own export conditions. */
  readonly main: string
  /** For workerd: one module with the library in it, chosen by workerd's export conditions. */
  readonly worker: string
}

export async function buildPrograms(): Promise<Programs> {
  const conditionNames = ['workerd', 'worker', 'browser', 'import', 'default']
  return {
    main: await build('main', { platform: 'node', external: [/^node:/, 'countersign'] }),
    worker: await build('worker', { platform: 'neutral', resolve: { conditionNames } }),
  }
}

async function build(name: string, options: Parameters<typeof rolldown>[0]): Promise<string> {
  const file = fileURLToPath(new URL(`dist/${name}.js`, import.meta.url))
  const bundle = await rolldown({ ...options, input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)) })
  await bundle.write({ file, format: 'esm' })
  await bundle.close()
  return file
}
