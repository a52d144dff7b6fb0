import { assertSeconds } from '../errors/invalid-argument.ts'
import { aboutClaims, checkRegisteredClaims, namesAudience } from '../jose/claims.ts'
import { expectedAlgorithms } from '../jose/expected-algorithms.ts'
import type { JweDecryptFunction } from '../jose/jwe-decrypt.ts'
import { issuerOf } from '../jose/issuer.ts'
import { type Jwt, parseJwt } from '../jose/jwt.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { describe } from '../values/describe.ts'
import { isSeconds } from '../values/seconds.ts'
import * as rules from './id-token.rules.ts'
import type { IDToken } from './claims.ts'

/** An ID Token whose claims are valid. Its signature has not been verified. */
export interface ValidIdToken {
  readonly claims: IDToken
  readonly jwt: Jwt
}

/** Claims that an ID Token must have because of the request that it answers. */
export interface RequestedClaims {
  readonly nonce?: boolean
  readonly authTime?: boolean
  /** The request has a greatest age of its own, and `default_max_age` decides nothing. */
  readonly ownMaxAge?: boolean
}

/**
 * Validates an ID Token that came straight from the token endpoint: the steps of OpenID Connect Core 1.0, section
 * 3.1.3.7, but for these. (6) TLS stands in for the signature, which {@link validateApplicationLevelSignature} verifies.
 * (10) Any `iat` goes. (12) `acr` is for the caller to look at. The values of `nonce` (11) and the age of `auth_time` (13)
 * belong to the request; see `requested-claims.ts`.
 */
export async function validateIdToken(
  context: Context,
  as: AuthorizationServer,
  client: Client,
  idToken: string,
  decrypt: JweDecryptFunction | undefined,
  requested: RequestedClaims = {},
): Promise<ValidIdToken> {
  const { default_max_age: defaultMaxAge, id_token_signed_response_alg: registered } = client
  if (defaultMaxAge !== undefined && !requested.ownMaxAge) assertSeconds(defaultMaxAge, 'client.default_max_age')

  const algorithms = expectedAlgorithms(registered, as.id_token_signing_alg_values_supported, 'RS256')
  const jwt = await parseJwt(context, idToken, algorithms, rules.ID_TOKEN_ALG, decrypt)
  const unsigned = jwt.header.alg === 'none' && registered !== 'none'
  check(context, rules.ID_TOKEN_SIGNED, !unsigned, 'a signature algorithm', jwt.header.alg)
  checkRegisteredClaims(context, jwt, client)

  const { claims } = jwt
  const about = aboutClaims(context, claims)
  const { aud, azp, auth_time: authTime, exp, iat, iss, nonce, sub } = claims
  check(about, rules.ID_TOKEN_AUDIENCE_PRESENT, aud !== undefined, 'present', 'missing')
  check(about, rules.ID_TOKEN_EXPIRES, exp !== undefined, 'present', 'missing')
  check(about, rules.ID_TOKEN_ISSUED_AT, iat !== undefined, 'present', 'missing')
  check(about, rules.ID_TOKEN_ISSUER_PRESENT, iss !== undefined, 'present', 'missing')
  check(about, rules.ID_TOKEN_SUBJECT_PRESENT, sub !== undefined, 'present', 'missing')
  check(about, rules.ID_TOKEN_NONCE_PRESENT, !requested.nonce || nonce !== undefined, 'present', 'missing')
  const wantsAuthTime = client.require_auth_time === true || (requested.authTime ?? defaultMaxAge !== undefined)
  check(about, rules.ID_TOKEN_AUTH_TIME_PRESENT, !wantsAuthTime || authTime !== undefined, 'present', 'missing')

  const issuer = issuerOf(as, jwt)
  check(about, rules.ID_TOKEN_ISSUER, iss === issuer, issuer, iss)
  check(about, rules.ID_TOKEN_AUDIENCE, namesAudience(aud, client.client_id), client.client_id, aud)
  check(about, rules.ID_TOKEN_SUBJECT, typeof sub === 'string', 'a string', describe(sub))
  if (Array.isArray(aud) && aud.length !== 1) {
    const particulars = { claim: 'aud' }
    check(
      { ...about, particulars },
      rules.ID_TOKEN_AUTHORIZED_PARTY_PRESENT,
      azp !== undefined,
      client.client_id,
      'missing',
    )
    check(about, rules.ID_TOKEN_AUTHORIZED_PARTY, azp === client.client_id, client.client_id, azp)
  }
  const isTime = authTime === undefined || isSeconds(authTime)
  check(about, rules.ID_TOKEN_AUTH_TIME, isTime, 'a number, 0 or more', describe(authTime))
  // the members that IDToken declares were looked at one by one
  return { claims: claims as unknown as IDToken, jwt }
}
