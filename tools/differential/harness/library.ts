import * as countersign from 'countersign'
import * as oauth4webapi from 'oauth4webapi'

/** What a topic calls: either package, by the names of the one that has them all. */
export type Library = typeof oauth4webapi

export const theirs: Library = oauth4webapi

// An assertion, because two `unique symbol`s are never assignable. tools/parity proves that names, kinds and
// declarations agree; a topic names the functions it calls and is not run while one of them is absent.
export const ours: Library = countersign as unknown as Library

/** An export by its name: one of a list, or one that oauth4webapi has without declaring it. */
export function functionOf(library: Library, name: string): (...args: unknown[]) => unknown {
  const found: unknown = Reflect.get(library, name)
  if (typeof found !== 'function') throw new Error(`no function ${name}`)
  return (...args): unknown => Reflect.apply(found, undefined, args)
}

/** A symbol that oauth4webapi exports without declaring it. */
export function symbolOf(library: Library, name: string): symbol {
  const found: unknown = Reflect.get(library, name)
  if (typeof found !== 'symbol') throw new Error(`no symbol ${name}`)
  return found
}
