import fc from 'fast-check'
import type { Library } from '../harness/library.ts'
import type { Scene } from '../harness/scene.ts'
import type { Transport } from '../harness/transport.ts'
import { garbageButUndefined } from './garbage.ts'
import { mostly, pick } from './mostly.ts'

/** The options that every request takes, as data: what is made of them is made for each library. */
export interface RequestOptionsInput {
  readonly whole: 'object' | 'absent' | { readonly garbage: unknown }
  readonly headers: HeadersInput
  readonly signal: SignalInput
  readonly insecure: unknown
  readonly through: 'customFetch' | 'globalThis.fetch' | { readonly garbage: unknown }
}

interface HeadersInput {
  readonly form: 'absent' | 'record' | 'entries' | 'Headers' | 'Map' | 'garbage'
  readonly entries: readonly (readonly [string, string])[]
  readonly garbage: unknown
}

type SignalInput =
  | 'absent'
  | 'open'
  | 'aborted'
  | 'function'
  | 'function of undefined'
  | 'throwing function'
  | { readonly garbage: unknown }

const NAMES = [
  'x-own',
  'X-Own',
  'accept',
  'Accept',
  'user-agent',
  'content-type',
  'authorization',
  'Authorization',
  'dpop',
  'DPoP',
  'cookie',
  'a b',
  '',
]
const headerEntry = fc.tuple(pick(...NAMES), pick('1', '', 'text/plain', ' padded ', 'ü', 'a\nb', 'a\0b'))

const headers: fc.Arbitrary<HeadersInput> = fc.record({
  form: pick<HeadersInput['form']>('record', 'record', 'entries', 'Headers', 'Map', 'garbage'),
  entries: fc.array(headerEntry, { maxLength: 3 }),
  garbage: garbageButUndefined,
})
const noHeaders: HeadersInput = { form: 'absent', entries: [], garbage: undefined }

const anyGarbage = garbageButUndefined.map((garbage) => ({ garbage }))

export const requestOptions: fc.Arbitrary<RequestOptionsInput> = fc.record({
  whole: mostly<RequestOptionsInput['whole'], RequestOptionsInput['whole']>(
    'object',
    fc.oneof(pick('absent'), anyGarbage),
    40,
  ),
  headers: mostly(noHeaders, headers, 4),
  signal: mostly<SignalInput, SignalInput>(
    'absent',
    fc.oneof(pick('open', 'aborted', 'function', 'function of undefined', 'throwing function'), anyGarbage),
    4,
  ),
  insecure: mostly<unknown, unknown>(undefined, fc.oneof(pick<unknown>(true, false), garbageButUndefined), 8),
  through: mostly<RequestOptionsInput['through'], RequestOptionsInput['through']>(
    'customFetch',
    fc.oneof(pick('globalThis.fetch'), anyGarbage),
    20,
  ),
})

/**
 * Makes the options for one library, and leads its requests to the transport in any case.
 *
 * @param more What the function takes beside the options of every request.
 */
export function makeOptions(
  input: RequestOptionsInput,
  scene: Scene,
  { fetch }: Transport,
  more: object = {},
): unknown {
  globalThis.fetch = (url, options) => fetch(url instanceof Request ? url.url : url.toString(), options ?? {})
  if (input.whole === 'absent') return undefined
  if (input.whole !== 'object') return input.whole.garbage
  const options: Record<string | symbol, unknown> = { ...more }
  if (input.headers.form !== 'absent') options.headers = makeHeaders(input.headers)
  if (input.signal !== 'absent') options.signal = makeSignal(input.signal, scene)
  if (input.insecure !== undefined) options[symbols(scene.library).insecure] = input.insecure
  if (input.through === 'customFetch') options[symbols(scene.library).fetch] = fetch
  else if (input.through !== 'globalThis.fetch') options[symbols(scene.library).fetch] = input.through.garbage
  return options
}

function symbols(library: Library): { insecure: symbol; fetch: symbol } {
  return { insecure: library.allowInsecureRequests, fetch: library.customFetch }
}

function makeHeaders({ form, entries, garbage }: HeadersInput): unknown {
  const list = entries.map(([name, value]): [string, string] => [name, value])
  switch (form) {
    case 'record':
      return Object.fromEntries(list)
    case 'entries':
      return list
    case 'Map':
      return new Map(list)
    case 'Headers':
      return new Headers(list.filter(([name, value]) => /^[\w-]+$/.test(name) && !/[\n\0]/.test(value)))
    default:
      return garbage
  }
}

function makeSignal(input: SignalInput, scene: Scene): unknown {
  const controller = new AbortController()
  if (input === 'aborted') controller.abort(scene.name(new Error('given up'), 'the reason of the abort'))
  switch (input) {
    case 'open':
    case 'aborted':
      return controller.signal
    case 'function':
      return (...args: unknown[]) => {
        scene.note('asked for a signal with', args)
        return controller.signal
      }
    case 'function of undefined':
      return () => undefined
    case 'throwing function':
      return () => {
        throw scene.name(new Error('no signal'), 'the failure of the signal function')
      }
    default:
      return typeof input === 'object' ? input.garbage : undefined
  }
}
