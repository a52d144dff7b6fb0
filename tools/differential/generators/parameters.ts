import fc from 'fast-check'
import { garbage } from './garbage.ts'
import { mostlyFrom, pick } from './mostly.ts'

/** Request parameters in every form that a caller may choose. */
export type ParametersInput =
  | {
      readonly form: 'record' | 'entries' | 'URLSearchParams' | 'Map'
      readonly entries: readonly (readonly [string, string])[]
    }
  | { readonly garbage: unknown }

const NAMES = [
  'scope',
  'login_hint',
  'client_id',
  'grant_type',
  'auth_req_id',
  'client_secret',
  'resource',
  '__proto__',
  '',
  'ü',
  'a b',
  'request',
]
const entry = fc.tuple(
  pick(...NAMES),
  fc.oneof(pick('openid', '', 'a b+c', '%', '\0', '\ud800', 'ü'), fc.string({ maxLength: 6 })),
)

export const parameters: fc.Arbitrary<ParametersInput> = mostlyFrom<ParametersInput, ParametersInput>(
  fc.record({
    form: pick('record', 'entries', 'URLSearchParams', 'Map'),
    entries: fc.array(entry, { maxLength: 4 }),
  }),
  garbage.map((value) => ({ garbage: value })),
  20,
)

export function makeParameters(input: ParametersInput): unknown {
  if (!('form' in input)) return input.garbage
  const list = input.entries.map(([name, value]): [string, string] => [name, value])
  switch (input.form) {
    case 'record':
      return Object.fromEntries(list)
    case 'entries':
      return list
    case 'URLSearchParams':
      return new URLSearchParams(list)
    case 'Map':
      return new Map(list)
  }
}
