import { describe, expect, it } from 'vitest'
import type { ArgumentErrorCode } from '../errors/codes.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import * as jwt from '../jose/claims.ts'
import type { Client } from '../metadata/client.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { everyTypeBut, type NamedValue } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { epochSeconds } from '../values/time.ts'
import type { JsonValue } from '../values/json.ts'
import * as rules from './id-token.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

/* The claims one by one; the JWT around them and their times have tests of their own beside this file. */

type Claims = Record<string, JsonValue | undefined>

async function process(claims: Claims, registered: Partial<Client> = {}) {
  const answer = json(tokenBody({ id_token: unsignedJwt(claims) }))
  const tokens = await processBackchannelAuthenticationGrantResponse(as, { ...client, ...registered }, answer)
  return getValidatedIdTokenClaims(tokens)
}

describe('ID Token', () => {
  it('gives the claims of a valid one (OIDC Core 3.1.3.7)', async () => {
    const claims = idTokenClaims({ nonce: 'n', acr: 'loa2', amr: ['pin'], extra: { nested: [null] } })
    expect(await process(claims)).toEqual(claims)
  })

  it.each(everyTypeBut())('leaves nonce to the caller, here: %s (OIDC Core 3.1.3.7 item 11)', async (_, nonce) => {
    const claims = idTokenClaims({ nonce })
    expect(await process(claims)).toEqual(JSON.parse(JSON.stringify(claims)))
  })
})

describe('ID Token, iss', () => {
  it('refuses that of another server (OIDC Core 3.1.3.7 item 2)', async () => {
    const error = await refuses(rules.ID_TOKEN_ISSUER, () => process(idTokenClaims({ iss: 'https://evil.example' })))
    expect(error).toMatchObject({ expected: as.issuer, actual: 'https://evil.example', status: 200 })
    expect(error.cause).toMatchObject({ claim: 'iss', expected: as.issuer })
  })

  it.each([
    ['a slash at its end', 'https://op.example.com/'],
    ['an upper-case letter', 'https://OP.example.com'],
    ['the default port', 'https://op.example.com:443'],
    ['a path', 'https://op.example.com/tenant'],
    ['a query', 'https://op.example.com?'],
    ['another scheme', 'http://op.example.com'],
    ['a blank', ' https://op.example.com'],
    ['no character', ''],
  ])('refuses one that differs by %s (OIDC Core 3.1.3.7 item 2: exactly match)', async (_, iss) => {
    await refuses(rules.ID_TOKEN_ISSUER, () => process(idTokenClaims({ iss })))
  })

  it('refuses its absence (OIDC Core 2)', async () => {
    await refuses(
      rules.ID_TOKEN_ISSUER_PRESENT,
      () => process(idTokenClaims({ iss: undefined })),
      rules.ID_TOKEN_ISSUER,
    )
  })

  it.each<NamedValue>([
    ...everyTypeBut('missing', 'a text', 'an empty string'),
    ['an array with the issuer', [as.issuer]],
  ])('refuses one that is no string: %s (RFC 7519 4.1.1)', async (_, iss) => {
    // a value of another type is also another value
    await refuses(jwt.JWT_ISSUER, () => process(idTokenClaims({ iss })), rules.ID_TOKEN_ISSUER)
  })
})

describe('ID Token, sub', () => {
  it('refuses its absence (OIDC Core 2)', async () => {
    await refuses(
      rules.ID_TOKEN_SUBJECT_PRESENT,
      () => process(idTokenClaims({ sub: undefined })),
      rules.ID_TOKEN_SUBJECT,
    )
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
    'refuses one that is no string: %s (OIDC Core 2)',
    async (_, sub) => {
      await refuses(rules.ID_TOKEN_SUBJECT, () => process(idTokenClaims({ sub })))
    },
  )
})

describe('ID Token, aud', () => {
  it('accepts an array with this client alone (OIDC Core 3.1.3.7 item 3)', async () => {
    expect(await process(idTokenClaims({ aud: ['shop'] }))).toMatchObject({ aud: ['shop'] })
  })

  it.each([
    ['another client', 'bank'],
    ['this client and more, in one string', 'shop bank'],
    ['this client in upper case', 'SHOP'],
    ['no character', ''],
    ['nobody', []],
    ['another client, in an array', ['bank']],
    ['this client, in an array in the array', [['shop']]],
  ])('refuses one that names %s (OIDC Core 3.1.3.7 item 3)', async (_, aud) => {
    // an array without exactly one audience asks for azp, which the token has
    const error = await refuses(rules.ID_TOKEN_AUDIENCE, () => process(idTokenClaims({ aud, azp: 'shop' })))
    expect(error).toMatchObject({ expected: 'shop', cause: { claim: 'aud' } })
  })

  it('refuses several of which this client is none, even where azp names it (OIDC Core 3.1.3.7 item 3)', async () => {
    await refuses(rules.ID_TOKEN_AUDIENCE, () => process(idTokenClaims({ aud: ['bank', 'post'], azp: 'shop' })))
  })

  it('refuses its absence (OIDC Core 2)', async () => {
    const act = () => process(idTokenClaims({ aud: undefined }))
    await refuses(rules.ID_TOKEN_AUDIENCE_PRESENT, act, rules.ID_TOKEN_AUDIENCE)
  })

  it.each<NamedValue>([
    ...everyTypeBut('missing', 'a text', 'an empty string', 'an array', 'an empty array'),
    ['an object with the client', { 0: 'shop', length: 1 }],
  ])('refuses one that is neither a string nor an array: %s (RFC 7519 4.1.3)', async (_, aud) => {
    // what is no string and no array names nobody either
    await refuses(jwt.JWT_AUDIENCE, () => process(idTokenClaims({ aud })), rules.ID_TOKEN_AUDIENCE)
  })
})

describe('ID Token, azp', () => {
  const several = ['shop', 'bank']

  it('accepts several audiences where it names this client (OIDC Core 3.1.3.7 items 3 to 5)', async () => {
    expect(await process(idTokenClaims({ aud: several, azp: 'shop' }))).toMatchObject({ aud: several, azp: 'shop' })
  })

  it.each([[several], [['bank', 'shop']], [['shop', 'shop']]])(
    'refuses its absence where the audiences are %j (OIDC Core 3.1.3.7 item 4)',
    async (aud) => {
      const act = () => process(idTokenClaims({ aud }))
      await refuses(rules.ID_TOKEN_AUTHORIZED_PARTY_PRESENT, act, rules.ID_TOKEN_AUTHORIZED_PARTY)
    },
  )

  it.each<NamedValue>([...everyTypeBut('missing'), ['another client', 'bank'], ['this client in an array', ['shop']]])(
    'refuses several audiences where it is %s (OIDC Core 3.1.3.7 item 5)',
    async (_, azp) => {
      const error = await refuses(rules.ID_TOKEN_AUTHORIZED_PARTY, () => process(idTokenClaims({ aud: several, azp })))
      expect(error).toMatchObject({ expected: 'shop', cause: { claim: 'azp' } })
    },
  )

  it.each([['shop'], [['shop']]])('is not looked at where the only audience is %j', async (aud) => {
    expect(await process(idTokenClaims({ aud, azp: 'bank' }))).toMatchObject({ azp: 'bank' })
  })
})

describe('ID Token, iat', () => {
  it('refuses its absence (OIDC Core 2)', async () => {
    await refuses(rules.ID_TOKEN_ISSUED_AT, () => process(idTokenClaims({ iat: undefined })))
  })

  it.each<NamedValue>([...everyTypeBut('missing', 'zero', 'a number'), ['digits', '1700000000']])(
    'refuses one that is no number: %s (RFC 7519 4.1.6)',
    async (_, iat) => {
      await refuses(jwt.JWT_ISSUED_AT, () => process(idTokenClaims({ iat })))
    },
  )

  it.each([0, -1, 1.5, 4_102_444_800])(
    'leaves its value to the caller, here: %s (OIDC Core 3.1.3.7 item 10)',
    async (iat) => {
      expect(await process(idTokenClaims({ iat }))).toMatchObject({ iat })
    },
  )
})

describe('ID Token, auth_time', () => {
  it.each([
    ['require_auth_time', { require_auth_time: true }],
    ['default_max_age', { default_max_age: 300 }],
    ['a default_max_age of 0', { default_max_age: 0 }],
  ])('refuses its absence where the client registered %s (OIDC Core 3.1.3.7 item 13)', async (_, registered) => {
    await refuses(rules.ID_TOKEN_AUTH_TIME_PRESENT, () => process(idTokenClaims(), registered))
    expect(await process(idTokenClaims({ auth_time: epochSeconds() }), registered)).toHaveProperty('auth_time')
  })

  it.each([{ require_auth_time: false }, {}])('may be absent where the client registered %j', async (registered) => {
    expect(await process(idTokenClaims(), registered)).not.toHaveProperty('auth_time')
  })

  it.each<NamedValue>([...everyTypeBut('missing', 'zero', 'a number'), ['negative', -1], ['digits', '1700000000']])(
    'refuses one that is no number from 0: %s (OIDC Core 2)',
    async (_, auth_time) => {
      await refuses(rules.ID_TOKEN_AUTH_TIME, () => process(idTokenClaims({ auth_time })))
    },
  )

  it.each([0, 1.5, 1_700_000_000])('accepts the number %s', async (auth_time) => {
    expect(await process(idTokenClaims({ auth_time }))).toMatchObject({ auth_time })
  })

  it('is not compared with default_max_age, which belongs to the request (OIDC Core 3.1.3.7 item 13)', async () => {
    expect(await process(idTokenClaims({ auth_time: 0 }), { default_max_age: 1 })).toMatchObject({ auth_time: 0 })
  })

  it.each<[string, JsonValue, ArgumentErrorCode]>([
    ['negative', -1, 'ERR_INVALID_ARG_VALUE'],
    ['not a number', Number.NaN, 'ERR_INVALID_ARG_TYPE'],
    ['without an end', Number.POSITIVE_INFINITY, 'ERR_INVALID_ARG_TYPE'],
    ['a string', '300', 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses a default_max_age that is %s, as a mistake of the caller', async (_, value, code) => {
    // a caller without types can write what the type forbids
    const registered: Partial<Client> = { ['default_max_age' as string]: value }
    await isCallersMistake(code, () => process(idTokenClaims({ auth_time: 0 }), registered))
  })
})
