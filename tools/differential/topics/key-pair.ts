import fc from 'fast-check'
import { garbage, garbageButUndefined, present, wrong } from '../generators/garbage.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly alg: unknown
  readonly extractable: unknown
  readonly modulusLength: unknown
  readonly options: unknown
}

const QUICK = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'] as const
const SLOW = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const
const UNKNOWN = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'ES256K', 'HS256', 'none', 'es256', ''] as const

function withAlg(alg: fc.Arbitrary<unknown>, modulusLength: fc.Arbitrary<unknown>): fc.Arbitrary<Input> {
  return fc.record({
    alg,
    extractable: mostly<unknown, unknown>(undefined, fc.oneof(pick(true, false), garbageButUndefined), 2),
    modulusLength,
    options: mostly<unknown, unknown>('object', garbage, 12),
  })
}

/** Keys for client assertions and DPoP, for every algorithm (RSA keys seldom: they take long to make). */
export const keyPair: Topic = topic<Input>({
  name: 'generated key pair',
  needs: ['generateKeyPair'],
  weight: 0.6,
  input: fc.oneof(
    { withCrossShrink: true },
    { arbitrary: withAlg(pick(...QUICK), mostly<unknown, unknown>(undefined, garbage)), weight: 20 },
    {
      arbitrary: withAlg(mostlyFrom<unknown, unknown>(pick(...UNKNOWN), garbage, 1), fc.constant(undefined)),
      weight: 8,
    },
    {
      arbitrary: withAlg(pick(...SLOW), mostly<unknown, unknown>(undefined, pick<unknown>(1024, 2048, null))),
      weight: 1,
    },
  ),
  stage:
    ({ alg, extractable, modulusLength, options }) =>
    async ({ library, call }) => {
      const given = options === 'object' ? present({ extractable, modulusLength }) : options
      await call('generateKeyPair', () => library.generateKeyPair(wrong(alg), wrong(given)))
    },
})
