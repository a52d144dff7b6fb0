import fc from 'fast-check'
import type { Library } from '../harness/library.ts'

/** Process functions of the token endpoint that take the same arguments and validate the same. */
export const GRANTS = [
  'processBackchannelAuthenticationGrantResponse',
  'processClientCredentialsResponse',
  'processDeviceCodeResponse',
  'processGenericTokenEndpointResponse',
  'processRefreshTokenResponse',
] as const satisfies readonly (keyof Library)[]

export type Grant = (typeof GRANTS)[number]

/** Mostly the first one: the others share its rules. */
export const grant: fc.Arbitrary<Grant> = fc.oneof(
  { withCrossShrink: true },
  { arbitrary: fc.constant(GRANTS[0]), weight: 4 },
  { arbitrary: fc.constantFrom(...GRANTS.slice(1)), weight: 3 },
)
