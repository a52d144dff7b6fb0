import { describe, expect, it } from 'vitest'
import * as endpoint from '../testing/callbacks.ts'
import { leftHalfOf } from '../testing/hybrid-response.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import type { JsonValue } from '../values/json.ts'
import * as rules from './push.rules.ts'

/* The claims that bind an ID Token to what it was pushed with (CIBA Core 10.3.1). */

const { ACCESS_TOKEN, AUTH_REQ_ID, AUTH_REQ_ID_CLAIM, client, push, REFRESH_TOKEN, RT_HASH_CLAIM, validatePush } =
  endpoint

describe('the ID Token of a push', () => {
  it.each([
    ['RS256', 'sha256'],
    ['PS384', 'sha384'],
    ['ES256', 'sha256'],
    ['ES384', 'sha384'],
    ['ES512', 'sha512'],
    ['RS512', 'sha512'],
    ['Ed25519', 'sha512'],
    ['EdDSA', 'sha512'],
  ] as const)('under %s has at_hash and rt_hash of %s alone (OIDC Core 3.1.3.6)', async (alg, hash) => {
    const key = signingKey(alg, 'k')
    const party = { ...client, id_token_signed_response_alg: alg }
    const pushed = (access: typeof hash, refresh: typeof hash) => {
      const hashes = { at_hash: leftHalfOf(access, ACCESS_TOKEN), [RT_HASH_CLAIM]: leftHalfOf(refresh, REFRESH_TOKEN) }
      const id_token = signedJwt(key, endpoint.pushClaims(hashes))
      return validatePush(push({ id_token }), {}, party, [key.jwk])
    }
    expect(await pushed(hash, hash)).toMatchObject({ status: 'approved' })
    for (const other of (['sha256', 'sha384', 'sha512'] as const).filter((name) => name !== hash)) {
      await refuses(rules.PUSH_ACCESS_TOKEN_HASH, () => pushed(other, hash))
      await refuses(rules.PUSH_REFRESH_TOKEN_HASH, () => pushed(hash, other))
    }
  })

  /** What is no hash of a token. */
  function wrongHashes(token: string, other: string): [string, JsonValue][] {
    const right = leftHalfOf('sha256', token)
    return [
      ['of another token', leftHalfOf('sha256', 'of-the-attacker')],
      ['of the other token', leftHalfOf('sha256', other)],
      ['of the whole hash', right + right],
      ['with padding', `${right}==`],
      ['in other letters', right.toLowerCase()],
      ['of one character less', right.slice(1)],
      ['that is the token itself', token],
    ]
  }

  it.each(wrongHashes(ACCESS_TOKEN, REFRESH_TOKEN))('has no at_hash %s (10.3.1)', async (_title, at_hash) => {
    const error = await refuses(rules.PUSH_ACCESS_TOKEN_HASH, () => validatePush(push({}, { at_hash })))
    expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 'at_hash' } })
  })

  it.each(wrongHashes(REFRESH_TOKEN, ACCESS_TOKEN))('has no rt_hash %s (10.3.1)', async (_title, hash) => {
    const error = await refuses(rules.PUSH_REFRESH_TOKEN_HASH, () => validatePush(push({}, { [RT_HASH_CLAIM]: hash })))
    expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 'rt_hash' } })
  })

  it.each(everyTypeBut('a text'))('has an at_hash that is a text, not %s (10.3.1)', async (_title, at_hash) => {
    const act = () => validatePush(push({}, { at_hash }))
    await refuses(rules.PUSH_ACCESS_TOKEN_HASH_PRESENT, act, rules.PUSH_ACCESS_TOKEN_HASH)
  })

  it.each(everyTypeBut('a text'))('has an rt_hash that is a text, not %s (10.3.1)', async (_title, hash) => {
    const act = () => validatePush(push({}, { [RT_HASH_CLAIM]: hash }))
    await refuses(rules.PUSH_REFRESH_TOKEN_HASH_PRESENT, act, rules.PUSH_REFRESH_TOKEN_HASH)
  })

  it.each(everyTypeBut('a text'))('names its auth_req_id by a text, not %s (10.3.1)', async (_title, authReqId) => {
    const act = () => validatePush(push({}, { [AUTH_REQ_ID_CLAIM]: authReqId }))
    await refuses(rules.PUSH_AUTH_REQ_ID_PRESENT, act, rules.PUSH_AUTH_REQ_ID)
  })

  it.each([
    ['of another transaction', 'of-another-transaction'],
    ['in other letters', AUTH_REQ_ID.toUpperCase()],
    ['with a blank', `${AUTH_REQ_ID} `],
  ])('does not name an auth_req_id %s (10.3.1)', async (_title, authReqId) => {
    const error = await refuses(rules.PUSH_AUTH_REQ_ID, () =>
      validatePush(push({}, { [AUTH_REQ_ID_CLAIM]: authReqId })),
    )
    expect(error).toMatchObject({ code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', cause: { claim: 'auth_req_id' } })
  })

  it.each(['auth_req_id', 'rt_hash'])('does not have %s under its short name (10.3.1)', async (name) => {
    const claim = `urn:openid:params:jwt:claim:${name}`
    const claims = endpoint.pushClaims()
    const act = () => validatePush(push({}, { [claim]: undefined, [name]: claims[claim] }))
    if (name === 'rt_hash') await refuses(rules.PUSH_REFRESH_TOKEN_HASH_PRESENT, act, rules.PUSH_REFRESH_TOKEN_HASH)
    else await refuses(rules.PUSH_AUTH_REQ_ID_PRESENT, act, rules.PUSH_AUTH_REQ_ID)
  })

  it('does not fit where the access token was replaced (10.3.1)', async () => {
    for (const access_token of ['of-the-attacker', `${ACCESS_TOKEN} `, ACCESS_TOKEN.toLowerCase(), REFRESH_TOKEN]) {
      await refuses(rules.PUSH_ACCESS_TOKEN_HASH, () => validatePush(push({ access_token })))
    }
  })

  it('does not fit where the refresh token was replaced or added (10.3.1)', async () => {
    for (const refresh_token of ['of-the-attacker', `${REFRESH_TOKEN}=`, ACCESS_TOKEN]) {
      await refuses(rules.PUSH_REFRESH_TOKEN_HASH, () => validatePush(push({ refresh_token })))
    }
    const added = () => validatePush(push({}, { [RT_HASH_CLAIM]: undefined }))
    await refuses(rules.PUSH_REFRESH_TOKEN_HASH_PRESENT, added, rules.PUSH_REFRESH_TOKEN_HASH)
  })

  it('does not fit where it was pushed for another transaction, with its tokens (10.3.1)', async () => {
    const known = { findTransaction: () => ({ client_notification_token: endpoint.TOKEN }) }
    await refuses(rules.PUSH_AUTH_REQ_ID, () => validatePush(push({ auth_req_id: 'of-the-attacker' }), known))
  })

  it('may have an rt_hash where no refresh token came, which the specification leaves open (10.3.1)', async () => {
    expect(await validatePush(push({ refresh_token: undefined }))).toMatchObject({ status: 'approved' })
  })

  it('fits tokens of any characters, by their UTF-8 (OIDC Core 3.1.3.6)', async () => {
    const token = 'ü€𝄞 +%'
    const claims = { at_hash: leftHalfOf('sha256', token), [RT_HASH_CLAIM]: leftHalfOf('sha256', token) }
    const pushed = await validatePush(push({ access_token: token, refresh_token: token }, claims))
    expect(pushed).toMatchObject({ tokens: { access_token: token } })
  })

  it('is the one of the specification, as far as its hashes are concerned (10.3.1)', () => {
    expect(leftHalfOf('sha256', ACCESS_TOKEN)).toBe('Wt0kVFXMacqvnHeyU0001w')
    expect(leftHalfOf('sha256', REFRESH_TOKEN)).toBe('sHahCuSpXCRg5mkDDvvr4w')
  })
})
