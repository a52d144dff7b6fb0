import type { Library } from './library.ts'

/** A value in a form in which two libraries' values can be compared and printed: plain JSON. */
export type Comparable = string | number | boolean | null | Comparable[] | { [member: string]: Comparable }

/** Things whose identity matters, such as the response that a caller passed in, by a name for the report. */
export type Names = ReadonlyMap<unknown, string>

/** Each library calls itself by its own name in `user-agent`: the only header that differs by design. */
const SELF = /^(?:oauth4webapi|countersign)\/v?\d+\.\d+\.\d+$/

export function comparable(value: unknown, library: Library, names: Names): Comparable {
  const name = names.get(value)
  if (name !== undefined) return `‹${name}›`
  if (typeof value === 'string') return SELF.test(value) ? '‹library›/‹version›' : value
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `‹number ${print(value)}›`
  if (typeof value === 'symbol') return `‹symbol ${symbolName(value, library)}›`
  if (typeof value === 'function') return '‹function›'
  if (value === undefined) return '‹undefined›'
  if (typeof value === 'bigint') return `‹bigint ${value.toString()}›`
  if (typeof value !== 'object') return `‹${typeof value}›`
  return comparableObject(value, (inner) => comparable(inner, library, names), library)
}

function comparableObject(value: object, inner: (value: unknown) => Comparable, library: Library): Comparable {
  if (Array.isArray(value)) return value.map(inner)
  if (value instanceof URLSearchParams) return { '‹URLSearchParams›': [...value].map(inner) }
  if (value instanceof Headers) return { '‹Headers›': Object.fromEntries([...value].map(([k, v]) => [k, inner(v)])) }
  if (value instanceof URL) return `‹URL ${value.href}›`
  if (value instanceof Response) return '‹another Response›'
  if (value instanceof Request) return '‹Request›'
  if (value instanceof AbortSignal) return '‹AbortSignal›'
  if (value instanceof Error) return `‹error ${value.constructor.name}›`
  if (value instanceof CryptoKey) return { '‹CryptoKey›': keyParts(value) }
  const members: { [member: string]: Comparable } = {}
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype) members['‹class›'] = prototype === null ? 'null' : value.constructor.name
  for (const key of Reflect.ownKeys(value)) {
    // `__proto__` is an ordinary member of parsed JSON: it must not set a prototype here either.
    const label = typeof key === 'symbol' ? `[${symbolName(key, library)}]` : key
    Object.defineProperty(members, label, { value: inner(Reflect.get(value, key)), enumerable: true })
  }
  return members
}

function keyParts({ type, extractable, usages, algorithm }: CryptoKey): Comparable {
  const { name, ...rest } = algorithm
  const parameters = Object.entries(rest).map(([key, one]) => [key, one instanceof Uint8Array ? [...one] : one])
  return { type, extractable, usages: [...usages].sort(), name, parameters: JSON.stringify(parameters) }
}

function symbolName(symbol: symbol, library: Library): string {
  // by descriptors, since reading the library's members is what coverage.test.ts watches
  const own = Object.entries(Object.getOwnPropertyDescriptors(library)).find(([, { value }]) => value === symbol)
  return own?.[0] ?? String(symbol)
}

function print(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
