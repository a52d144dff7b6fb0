import fc from 'fast-check'
import { garbage } from './garbage.ts'
import { ISSUER } from './metadata.ts'
import { mostly, mostlyFrom, pick } from './mostly.ts'

/** Parameters with which a browser comes back, in order; a name may come twice. */
export type Entries = readonly (readonly [name: string, value: string])[]

/** A parameter that is usually as it should be, and otherwise absent, another, or there twice. */
export function parameter(name: string, right: string | undefined, ...others: string[]): fc.Arbitrary<Entries> {
  const one = (value: string): Entries => [[name, value]]
  const usual: Entries = right === undefined ? [] : one(right)
  const other = pick('', ...others)
  return mostly<Entries, Entries>(
    usual,
    fc.oneof(
      fc.constant<Entries>([]),
      other.map(one),
      other.map((value): Entries => [...one(value), ...one(right ?? value)]),
    ),
    right === undefined ? 20 : 10,
  )
}

export function entriesOf(...parts: fc.Arbitrary<Entries>[]): fc.Arbitrary<Entries> {
  return fc.tuple(...parts).map((list) => list.flat())
}

/** RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2, and what other flows send. */
export const codeResponse: readonly fc.Arbitrary<Entries>[] = [
  parameter('code', 'code', 'ü&', 'other'),
  parameter('state', 'state', 'other'),
  mostlyFrom(parameter('iss', ISSUER, `${ISSUER}/`, 'https://other.example'), parameter('iss', undefined, ISSUER), 3),
  parameter('error', undefined, 'access_denied', 'a b', 'ü'),
  parameter('error_description', undefined, 'a description'),
  parameter('response', undefined, 'a.b.c'),
  parameter('token', undefined, 'token'),
  parameter('access_token', undefined, 'token'),
  parameter('__proto__', undefined, 'x'),
]

export type ExpectedState = 'expectNoState' | 'skipStateCheck' | { readonly given: unknown }

export const expectedState: fc.Arbitrary<ExpectedState> = mostlyFrom<ExpectedState, ExpectedState>(
  fc.constant({ given: 'state' }),
  fc.oneof(
    pick<ExpectedState>('expectNoState', 'skipStateCheck', { given: 'other' }),
    garbage.map((given) => ({ given })),
  ),
  4,
)
