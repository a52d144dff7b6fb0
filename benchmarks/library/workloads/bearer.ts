import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { as, json } from '../../../packages/countersign/src/testing/answers.ts'
import {
  accessToken,
  accessTokenClaims,
  AUDIENCE,
  request,
} from '../../../packages/countersign/src/testing/resource-server.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import { type Contender, type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import { verifyingFloors } from '../floors.ts'
import { type Algorithm, forged, keysOf, publicKeyOf, serverKey, type Signed, signedPart } from '../keys.ts'
import type { Library } from '../libraries.ts'

/** A request with a bearer token. */
export interface Presented {
  readonly request: Request
  readonly signed: Signed
}

/** Tokens that there are of each algorithm, so that nobody gains by remembering one. */
const TOKENS = 256

/** The fault that floors must see too. */
const FORGED = 'a forged signature'

/** Claims that RFC 9068, section 2.2 demands. */
const REQUIRED = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']

/** The validation of an access token that is bound to nothing (RFC 9068). */
export async function bearer(libraries: readonly Library[], alg: Algorithm): Promise<Match> {
  const key = serverKey(alg)
  const claims = accessTokenClaims({ exp: epochSeconds() + 3600 })
  const token = (changes: object) => accessToken({ ...claims, ...changes }, {}, key)
  return matchOf<Presented>({
    atOnce: [1, 64],
    inputs: takingFrom(Array.from({ length: TOKENS }, (_, index) => presented(token({ jti: `token-${index}` })))),
    contenders: [
      ...libraries.map((library) => validating(library, alg)),
      joseContender(alg),
      fastJwtContender(alg),
      ...(await verifyingFloors<Presented>(alg, key)),
    ],
    prove: (contender) =>
      proveValidation(contender, {
        good: () => presented(token({})),
        expected: claims,
        bad: new Map([
          [FORGED, () => presented(forged(token({})))],
          ['a token for another resource', () => presented(token({ aud: 'https://other.example.com' }))],
          ['a token of another issuer', () => presented(token({ iss: 'https://other.example.com' }))],
          ['an expired token', () => presented(token({ exp: epochSeconds() - 120 }))],
          ['a token without client_id', () => presented(token({ client_id: undefined }))],
          ['a JWT that is no access token', () => presented(accessToken(claims, { typ: 'JWT' }, key))],
        ]),
        floorRefuses: [FORGED],
      }),
  })
}

function presented(token: string): Presented {
  return { request: request(`Bearer ${token}`), signed: signedPart(token) }
}

/** A library that validates requests with access tokens. */
export function validating<Input extends { request: Request }>(library: Library, alg: Algorithm): Contender<Input> {
  const { api, name } = library
  const server = { ...as }
  const options = keysOf(library, serverKey(alg).jwk)
  return { name, act: (input) => api.validateJwtAccessToken(server, input.request, AUDIENCE, options) }
}

function joseContender(alg: Algorithm): Contender<Presented> {
  const keys = createRemoteJWKSet(new URL(String(as.jwks_uri)), {
    [customFetch]: () => Promise.resolve(json({ keys: [serverKey(alg).jwk] })),
  })
  const options = { issuer: as.issuer, audience: AUDIENCE, typ: 'at+jwt', requiredClaims: REQUIRED, algorithms: [alg] }
  return {
    name: 'jose',
    act: async (input) => (await jwtVerify(tokenOf(input), keys, options)).payload,
  }
}

function fastJwtContender(alg: Algorithm): Contender<Presented> {
  const verifier = createVerifier({
    key: publicKeyOf(serverKey(alg)).export({ type: 'spki', format: 'pem' }),
    algorithms: [alg],
    cache: false,
    allowedIss: as.issuer,
    allowedAud: AUDIENCE,
    requiredClaims: REQUIRED,
    checkTyp: 'at+jwt',
  })
  return { name: 'fast-jwt', act: (input): unknown => verifier(tokenOf(input)) }
}

function tokenOf({ request: { headers } }: Presented): string {
  return String(headers.get('authorization')).slice('Bearer '.length)
}
