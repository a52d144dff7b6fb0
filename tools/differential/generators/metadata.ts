import fc from 'fast-check'
import type { AuthorizationServer, Client } from 'oauth4webapi'
import type { Library } from '../harness/library.ts'
import { garbage, wrong } from './garbage.ts'
import { mostly, pick } from './mostly.ts'

/** Metadata of both parties, without symbols: each library has its own, which are put in when it is its turn. */
export interface Parties {
  /** The whole argument when it is not an object at all. */
  readonly as: Readonly<Record<string, unknown>> | { readonly garbage: unknown }
  readonly client: Readonly<Record<string, unknown>> | { readonly garbage: unknown }
  readonly clockSkew: unknown
  readonly clockTolerance: unknown
}

export const ISSUER = 'https://as.example'
export const CLIENT_ID = 'client'

const ABSENT = Symbol('absent')

/** A metadata member: usually right, otherwise absent or of another type. */
export type MemberOf = fc.Arbitrary<unknown>

export function usually(right: unknown, ...alternatives: unknown[]): MemberOf {
  const wrongOnes = fc.oneof(fc.constant(ABSENT), alternatives.length === 0 ? garbage : pick(...alternatives), garbage)
  return mostly(right, wrongOnes, 25)
}

export function seldom(...alternatives: unknown[]): MemberOf {
  return mostly<unknown, unknown>(ABSENT, fc.oneof(pick(...alternatives), pick(...alternatives), garbage), 6)
}

function membersFrom(shape: Readonly<Record<string, MemberOf>>): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .record(shape)
    .map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ABSENT)))
}

const wholeGarbage = garbage.map((value) => ({ garbage: value }))

/** Seconds as callers set them, and what they may set by mistake. */
const seconds = fc.oneof(pick<unknown>(0, 1, 5, 30, 60, 3600, 0.5, -1, -5, -3600), garbage)

export function parties(
  as: Readonly<Record<string, MemberOf>> = {},
  client: Readonly<Record<string, MemberOf>> = {},
): fc.Arbitrary<Parties> {
  const server = membersFrom({ issuer: usually(ISSUER, 'https://other.example', `${ISSUER}/`, ''), ...as })
  const party = membersFrom({ client_id: usually(CLIENT_ID, 'other', '', 'ü:&+ '), ...client })
  return fc.record({
    as: mostlyMembers(server),
    client: mostlyMembers(party),
    clockSkew: mostly<unknown, unknown>(ABSENT, seconds, 8),
    clockTolerance: mostly<unknown, unknown>(ABSENT, seconds, 8),
  })
}

function mostlyMembers(members: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Parties['as']> {
  return fc.oneof({ withCrossShrink: true }, { arbitrary: members, weight: 80 }, { arbitrary: wholeGarbage, weight: 1 })
}

/** A fresh server object for each library: what a library remembers is bound to the object. */
export function serverOf({ as }: Parties): AuthorizationServer {
  return wrong('garbage' in as ? as.garbage : { ...as })
}

export function clientOf(input: Parties, library: Library): Client {
  if ('garbage' in input.client) return wrong(input.client.garbage)
  const client: Record<string | symbol, unknown> = { ...input.client }
  if (input.clockSkew !== ABSENT) client[library.clockSkew] = input.clockSkew
  if (input.clockTolerance !== ABSENT) client[library.clockTolerance] = input.clockTolerance
  return wrong(client)
}

/** The number that the library will reckon with; wrong ones are refused before it matters. */
export function secondsOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}
