import type * as countersign from 'countersign'
import * as oauth4webapi from 'oauth4webapi'
import { type Engine, ENGINES, hasEngine, type Load, loadOn } from './engines.ts'

/** Whom ratios are over. */
export const OPPONENT = 'oauth4webapi'

/** A library that is called as oauth4webapi is. */
export interface Library {
  readonly name: string
  /** Of this library only. */
  readonly engine?: Engine
  readonly api: typeof oauth4webapi
  /** The same under its own types, which have more. */
  readonly own?: typeof countersign
  /** Members of client metadata, of the options of functions without a client, and of what signs. */
  readonly settings: object
}

/** This library on each engine that there is, and oauth4webapi. */
export async function loadLibraries(folder: string, load: Load): Promise<readonly Library[]> {
  const libraries: Library[] = []
  for (const engine of ENGINES) {
    if (hasEngine(engine)) libraries.push(await onEngine(engine, folder, load))
    else console.log(`skipped: ${nameOf(engine)}, since packages/countersign/src/engine has no node.ts`)
  }
  return [...libraries, { name: OPPONENT, api: oauth4webapi, settings: {} }]
}

/** What this library is called where it runs on an engine. */
export function nameOf(engine: Engine): string {
  return `countersign (${engine})`
}

async function onEngine(engine: Engine, folder: string, load: Load): Promise<Library> {
  const own = await loadOn(engine, folder, load)
  return {
    name: nameOf(engine),
    engine,
    // two `unique symbol`s are never assignable; tools/parity holds everything else of the types against each other
    api: own as unknown as typeof oauth4webapi,
    own,
    settings: engine === 'node sync' ? { [symbolOf(own, 'syncCrypto')]: true } : {},
  }
}

function symbolOf(api: object, name: string): symbol {
  const found: unknown = Reflect.get(api, name)
  if (typeof found !== 'symbol') throw new Error(`the library has no symbol ${name}`)
  return found
}
