import {
  accessToken,
  accessTokenClaims,
  proof,
  request,
  thumbprintOf,
} from '../../../packages/countersign/src/testing/resource-server.ts'
import { type SigningKey, signingKey } from '../../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import type { JsonValue } from '../../../packages/countersign/src/values/json.ts'
import { type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import { type Algorithm, forged, serverKey } from '../keys.ts'
import type { Library } from '../libraries.ts'
import { validating } from './bearer.ts'

/** A request with a token and a proof. */
interface Presented {
  readonly request: Request
}

/** Whether the key of a proof was seen before. */
type KeyOfProof = 'seen' | 'new'

/** Proofs that there are: of one key, or of as many keys, which are more than anybody may remember. */
const PROOFS: Record<KeyOfProof, number> = { seen: 256, new: 2500 }

/** The validation of an access token that is bound to a DPoP key, and of the proof beside it (RFC 9449). */
export function dpopBound(
  libraries: readonly Library[],
  token: Algorithm,
  proofs: Algorithm,
  keyOfProof: KeyOfProof,
): Match {
  const key = serverKey(token)
  const claims = accessTokenClaims({ exp: epochSeconds() + 3600 })
  const bound = (holder: SigningKey, changes: Record<string, JsonValue> = {}) =>
    accessToken({ ...claims, cnf: { jkt: thumbprintOf(holder.jwk) }, ...changes }, {}, key)
  const presented = (holder: SigningKey, index: number): Presented => {
    const access = bound(holder, { jti: `token-${index}` })
    return { request: request(`DPoP ${access}`, proof(access, { jti: `proof-${index}` }, {}, holder)) }
  }

  const holder = signingKey(proofs)
  const access = bound(holder)
  const withProof = (
    changes: Record<string, JsonValue>,
    of: SigningKey = holder,
    sent: string = access,
  ): Presented => ({
    request: request(`DPoP ${sent}`, proof(sent, changes, {}, of)),
  })
  const expired = bound(holder, { exp: epochSeconds() - 120 })
  return matchOf<Presented>({
    atOnce: [1],
    inputs: takingFrom(
      Array.from({ length: PROOFS[keyOfProof] }, (_, index) =>
        presented(keyOfProof === 'seen' ? holder : signingKey(proofs), index),
      ),
    ),
    contenders: libraries.map((library) => validating(library, token)),
    prove: (contender) =>
      proveValidation(contender, {
        good: () => withProof({}),
        expected: { ...claims, cnf: { jkt: thumbprintOf(holder.jwk) } },
        bad: new Map([
          ['a forged token', () => withProof({}, holder, forged(access))],
          ['a forged proof', () => ({ request: request(`DPoP ${access}`, forged(proof(access, {}, {}, holder))) })],
          ['a proof by another key', () => withProof({}, signingKey(proofs))],
          ['a proof for another token', () => withProof({ ath: 'RSPpTnMBxBwBhRFdtOxN0Yy5yRFyXkPOD5JDPQxvYTk' })],
          ['a proof for another URL', () => withProof({ htu: 'https://api.example.com/other' })],
          ['a proof for another method', () => withProof({ htm: 'POST' })],
          ['an old proof', () => withProof({ iat: epochSeconds() - 3600 })],
          ['an expired token', () => withProof({}, holder, expired)],
          ['no proof', () => ({ request: request(`DPoP ${access}`) })],
        ]),
        floorRefuses: [],
      }),
  })
}
