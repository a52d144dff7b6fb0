import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import * as claimRules from '../jose/claims.ts'
import { HALF_HASH } from '../jose/half-hash.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import * as jwtRules from '../jose/jwt.ts'
import { KEY_SIZE } from '../jose/keys.ts'
import { SIGNATURE_ENCODING, SIGNATURE_VALID } from '../jose/verification.ts'
import { SIGNATURE_ALGORITHM, SIGNATURE_KEY, SIGNATURE_KEY_UNIQUE } from '../jwks/select.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { as, encodePart } from '../testing/answers.ts'
import * as endpoint from '../testing/callbacks.ts'
import { refuses } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import * as rules from '../tokens/id-token.rules.ts'
import type { JsonValue } from '../values/json.ts'
import { epochSeconds } from '../values/time.ts'

/* The ID Token of a push acts as a signature: it is validated by OIDC Core 3.1.3.7, its signature too (CIBA Core 10.3.1). */

const { client, push, pushClaims, serverKey, validatePush } = endpoint

type Options = Parameters<typeof validatePush>[1]
type Party = Parameters<typeof validatePush>[2]

function withToken(id_token: string, options?: Options, party?: Party, keys = [serverKey.jwk]) {
  return validatePush(push({ id_token }), options, party, keys)
}

function withClaims(claims: Record<string, JsonValue | undefined>, party?: Party) {
  return validatePush(push({}, claims), {}, party)
}

const TOKEN = signedJwt(serverKey, pushClaims())
const SIGNATURE = TOKEN.split('.')[2] ?? ''

describe('the claims of the ID Token in a push (OIDC Core 3.1.3.7)', () => {
  it.each(['https://evil.example', `${as.issuer}/`, `${as.issuer}:443`, as.issuer.toUpperCase()])(
    'are not issued by %s (2)',
    async (iss) => {
      await refuses(rules.ID_TOKEN_ISSUER, () => withClaims({ iss }))
    },
  )

  it.each<[JsonValue]>([['bank'], [['bank']], [[]], ['Shop'], ['']])('are not for %j (3)', async (aud) => {
    await refuses(rules.ID_TOKEN_AUDIENCE, () => withClaims({ aud, azp: client.client_id }))
  })

  it('are for others too only where azp is this client (4, 5)', async () => {
    const aud = ['shop', 'bank']
    expect(await withClaims({ aud, azp: 'shop' })).toMatchObject({ status: 'approved' })
    await refuses(rules.ID_TOKEN_AUTHORIZED_PARTY, () => withClaims({ aud, azp: 'bank' }))
    const missing = () => withClaims({ aud })
    await refuses(rules.ID_TOKEN_AUTHORIZED_PARTY_PRESENT, missing, rules.ID_TOKEN_AUTHORIZED_PARTY)
  })

  it('are good now (9; RFC 7519 4.1.4, 4.1.5)', async () => {
    const now = epochSeconds()
    await refuses(claimRules.JWT_NOT_EXPIRED, () => withClaims({ exp: now - 31 }))
    await refuses(claimRules.JWT_ALREADY_VALID, () => withClaims({ nbf: now + 60 }))
    expect(await withClaims({ exp: now - 20, nbf: now + 20 })).toMatchObject({ status: 'approved' })
    const strict = { ...client, [clockTolerance]: 0 }
    await refuses(claimRules.JWT_NOT_EXPIRED, () => withClaims({ exp: now - 20 }, strict))
    const behind = { ...client, [clockSkew]: -3600 }
    expect(await withClaims({ exp: now - 3000 }, behind)).toMatchObject({ status: 'approved' })
  })

  it.each([
    ['iss', rules.ID_TOKEN_ISSUER_PRESENT, [rules.ID_TOKEN_ISSUER]],
    ['sub', rules.ID_TOKEN_SUBJECT_PRESENT, [rules.ID_TOKEN_SUBJECT]],
    ['aud', rules.ID_TOKEN_AUDIENCE_PRESENT, [rules.ID_TOKEN_AUDIENCE]],
    ['exp', rules.ID_TOKEN_EXPIRES, []],
    ['iat', rules.ID_TOKEN_ISSUED_AT, []],
  ] as const)('have %s (OIDC Core 2)', async (claim, rule, backstops) => {
    await refuses(rule, () => withClaims({ [claim]: undefined }), ...backstops)
  })

  it('have auth_time where the client registered that, and not too long ago (13)', async () => {
    const now = epochSeconds()
    const asking = { ...client, require_auth_time: true }
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => withClaims({}, asking))
    expect(await withClaims({ auth_time: 1 }, asking)).toMatchObject({ status: 'approved' })
    const recent = { ...client, default_max_age: 300 }
    expect(await withClaims({ auth_time: now - 300 }, recent)).toMatchObject({ status: 'approved' })
    await refuses(rules.ID_TOKEN_AUTH_TIME_AGE, () => withClaims({ auth_time: now - 340 }, recent))
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => withClaims({}, recent), rules.ID_TOKEN_AUTH_TIME_AGE)
  })
})

describe('the signature of the ID Token in a push (CIBA Core 10.3.1)', () => {
  it('is not by another key of the same name', async () => {
    const other = signingKey('ES256', 'server-1')
    await refuses(SIGNATURE_VALID, () => withToken(signedJwt(other, pushClaims())))
  })

  it('is not by a key that the server does not publish', async () => {
    const other = signingKey('ES256', 'server-2')
    await refuses(SIGNATURE_KEY, () => withToken(signedJwt(other, pushClaims())), SIGNATURE_KEY_UNIQUE)
  })

  it('is not by one of several keys', async () => {
    const twin = signingKey('ES256', 'server-1')
    await refuses(SIGNATURE_KEY_UNIQUE, () => withToken(TOKEN, {}, client, [serverKey.jwk, twin.jwk]))
  })

  it.each([0, 100, 255, 256, 511])('is refused with bit %i of it changed', async (bit) => {
    await refuses(SIGNATURE_VALID, () => withToken(withSignature(TOKEN, flipBit(SIGNATURE, bit))))
  })

  it.each(['', SIGNATURE.slice(0, -2), `${SIGNATURE}AAAA`])('is refused where it is %j', async (signature) => {
    await refuses(SIGNATURE_VALID, () => withToken(withSignature(TOKEN, signature)))
  })

  it('is refused in another spelling', async () => {
    await refuses(SIGNATURE_ENCODING, () => withToken(`${TOKEN}=`), SIGNATURE_VALID)
  })

  it('is refused over other claims', async () => {
    const [header, , signature] = TOKEN.split('.')
    const forged = `${header}.${encodePart(pushClaims({ sub: 'eve' }))}.${signature}`
    await refuses(SIGNATURE_VALID, () => withToken(forged))
  })

  it.each(['none', 'None', 'NONE', 'HS256', 'RS256', 'ES384', '', 'toString'])(
    'is not by %j where ES256 is expected',
    async (alg) => {
      const unsigned = `${encodePart({ alg, kid: 'server-1' })}.${encodePart(pushClaims())}.`
      const behind = [rules.ID_TOKEN_SIGNED, SIGNATURE_ALGORITHM, SIGNATURE_KEY, SIGNATURE_VALID]
      await refuses(rules.ID_TOKEN_ALG, () => withToken(unsigned), ...behind)
    },
  )

  it('is not absent, even where the client registered id_token_signed_response_alg none (10.3.1)', async () => {
    const unsigned = `${encodePart({ alg: 'none' })}.${encodePart(pushClaims())}.`
    const party = { ...client, id_token_signed_response_alg: 'none' }
    await refuses(SIGNATURE_ALGORITHM, () => withToken(unsigned, {}, party), SIGNATURE_KEY, HALF_HASH)
  })

  it('is no HMAC under the public key, even where the client registered that', async () => {
    const secret = createPublicKey(serverKey.privateKey).export({ type: 'spki', format: 'pem' })
    const input = `${encodePart({ alg: 'HS256', kid: 'server-1' })}.${encodePart(pushClaims())}`
    const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
    const party = { ...client, id_token_signed_response_alg: 'HS256' }
    await refuses(SIGNATURE_ALGORITHM, () => withToken(token, {}, party), SIGNATURE_KEY)
  })

  it('is not by a short RSA key', async () => {
    const short = signingKey('RS256', 'short', 1024)
    const party = { ...client, id_token_signed_response_alg: 'RS256' }
    await refuses(KEY_SIZE, () => withToken(signedJwt(short, pushClaims()), {}, party, [short.jwk]))
  })

  it('is not by a key in the token’s own header (RFC 7515 4.1.3)', async () => {
    const own = signingKey('ES256', 'server-1')
    const header = { jwk: { ...own.jwk }, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/cert' }
    await refuses(SIGNATURE_VALID, () => withToken(signedJwt(own, pushClaims(), header)))
  })

  it('is refused with crit in the header (RFC 7515 4.1.11)', async () => {
    await refuses(jwtRules.JWT_CRITICAL, () => withToken(signedJwt(serverKey, pushClaims(), { crit: ['b64'] })))
  })

  it('is inside, where the ID Token is encrypted (OIDC Core 3.1.3.7 item 1)', async () => {
    const inside = (token: string) => ({ [jweDecrypt]: () => Promise.resolve(token) })
    expect(await withToken('a.b.c.d.e', inside(TOKEN))).toMatchObject({ status: 'approved' })
    // without the rule no function is there to decrypt by, which is an accident and no refusal
    await refuses(jwtRules.JWE_DECRYPTION, () => withToken('a.b.c.d.e'), jwtRules.JWT_PARTS)
    const forged = signedJwt(signingKey('ES256', 'server-1'), pushClaims())
    await refuses(SIGNATURE_VALID, () => withToken('a.b.c.d.e', inside(forged)))
  })
})
