import { type Clock, clock } from './clock.ts'
import { type Comparable, comparable } from './comparable.ts'
import type { Library } from './library.ts'
import { attempt } from './outcome.ts'

/** One run of a case against one library: the topic acts in it, and it writes down what can be seen. */
export interface Scene {
  readonly library: Library
  readonly clock: Clock
  /** Calls, writes down the outcome, and passes the value on; `undefined` when the call was refused. */
  readonly call: <Value>(label: string, action: () => Value | Promise<Value>) => Promise<Value | undefined>
  /** Writes down anything else that must be the same. */
  readonly note: (label: string, value: unknown) => void
  /** Names an object, so that the report can tell it from an equal one. */
  readonly name: <Thing>(thing: Thing, name: string) => Thing
}

export type Record = { [label: string]: Comparable }

/** Why calls were refused, by their labels: see `reasonOf` in outcome.ts. */
export type Reasons = { [label: string]: string }

/** What was seen of a case, and why calls were refused. */
export interface Observation {
  readonly record: Record
  readonly reasons: Reasons
}

export async function observe(library: Library, act: (scene: Scene) => Promise<void>): Promise<Observation> {
  const record: Record = {}
  const reasons: Reasons = {}
  const names = new Map<unknown, string>()
  const write = (label: string, value: Comparable, reason?: string): void => {
    const times = Object.keys(record).filter((other) => other === label || other.startsWith(`${label} #`)).length
    const numbered = times === 0 ? label : `${label} #${times + 1}`
    record[numbered] = value
    if (reason !== undefined) reasons[numbered] = reason
  }
  clock.reset()
  await act({
    library,
    clock,
    async call(label, action) {
      const { outcome, value, reason } = await attempt(action, library, names)
      write(label, outcome, reason)
      return value
    },
    note: (label, value) => write(label, comparable(value, library, names)),
    name(thing, name) {
      names.set(thing, name)
      return thing
    },
  })
  return { record, reasons }
}
