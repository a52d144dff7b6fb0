import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type * as countersign from 'countersign'
import { bundle } from '../bundles/bundle.ts'

const SOURCES = fileURLToPath(new URL('../../packages/countersign/src/', import.meta.url))

/** The engines that the library can be built on, and the way to call it. */
export const ENGINES = ['web', 'node', 'node sync'] as const
export type Engine = (typeof ENGINES)[number]

/** Imports a file as Node itself does. */
export type Load = (url: string) => Promise<unknown>

/** The file that an engine is. */
function fileOf(engine: Engine): string {
  return join(SOURCES, 'engine', engine === 'web' ? 'web.ts' : 'node.ts')
}

/** Whether there is such an engine. */
export function hasEngine(engine: Engine): boolean {
  return existsSync(fileOf(engine))
}

/**
 * Builds the library from its sources on an engine, and loads it: an instance of its own, in a file of its own, whatever
 * package.json says that this Node gets.
 */
export async function loadOn(engine: Engine, folder: string, load: Load): Promise<typeof countersign> {
  const path = await buildOn(engine, folder)
  // it is built from what the type is of
  return (await load(pathToFileURL(path).href)) as typeof countersign
}

/** @returns The path of the file. */
export async function buildOn(engine: Engine, folder: string): Promise<string> {
  const contents = await bundle(`export * from ${JSON.stringify(join(SOURCES, 'index.ts'))}`, {
    platform: 'node',
    alias: { '#engine': fileOf(engine) },
  })
  const path = join(folder, `${engine.replace(' ', '-')}.mjs`)
  await writeFile(path, contents)
  return path
}
