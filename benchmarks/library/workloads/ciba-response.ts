import { as, client, idTokenClaims, json, tokenBody } from '../../../packages/countersign/src/testing/answers.ts'
import { signedJwt } from '../../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import { type Contender, type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import { proveValidation, type Trial } from '../../measuring/prove.ts'
import { forged, keysOf, serverKey } from '../keys.ts'
import type { Library } from '../libraries.ts'

/** Different answers that there are. */
const ANSWERS = 256

const key = serverKey('ES256')

/** The token endpoint's answer when the person has approved (CIBA Core 1.0, section 10.1.1), an ES256 ID Token in it. */
export function cibaResponse(libraries: readonly Library[], signature: 'verified' | 'unverified'): Match {
  const claims = idTokenClaims({ exp: epochSeconds() + 3600 })
  const body = (changes: object) => tokenBody({ id_token: signedJwt(key, { ...claims, ...changes }), expires_in: 300 })
  const taking = takingFrom(Array.from({ length: ANSWERS }, (_, index) => body({ jti: `token-${index}` })))
  const verified = signature === 'verified'
  const faults: [string, () => Response][] = [
    ['an ID Token for another client', () => json(body({ aud: 'other' }))],
    ['an ID Token of another issuer', () => json(body({ iss: 'https://other.example.com' }))],
    ['an expired ID Token', () => json(body({ exp: epochSeconds() - 120 }))],
    ['an answer without access token', () => json({ ...body({}), access_token: undefined })],
    ['an answer with another status', () => json(body({}), 201)],
  ]
  if (verified)
    faults.push(['a forged ID Token', () => json({ ...body({}), id_token: forged(signedJwt(key, claims)) })])
  const trial: Trial<Response> = {
    good: () => json(body({})),
    expected: claims,
    bad: new Map(faults),
    floorRefuses: [],
  }
  return matchOf<Response>({
    atOnce: [1],
    // a body is read once
    inputs: (count, contender) => taking(count, contender).map((one) => json(one)),
    contenders: libraries.map((library) => processing(library, verified)),
    prove: (contender) => proveValidation(contender, trial),
  })
}

function processing(library: Library, verified: boolean): Contender<Response> {
  const { api, name, settings } = library
  const server = { ...as }
  const party = { ...client, id_token_signed_response_alg: 'ES256', ...settings }
  const options = keysOf(library, key.jwk)
  return {
    name,
    async act(response) {
      const tokens = await api.processBackchannelAuthenticationGrantResponse(server, party, response)
      if (verified) await api.validateApplicationLevelSignature(server, response, options)
      return api.getValidatedIdTokenClaims(tokens)
    },
  }
}
