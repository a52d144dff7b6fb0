import { describe, expect, it, vi } from 'vitest'
import { customFetch } from '../http/options.ts'
import { JWT_PARTS } from '../jose/jwt.ts'
import { jwksCache, type JWKSCacheInput } from '../jwks/options.ts'
import { json } from '../testing/answers.ts'
import * as endpoint from '../testing/callbacks.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import * as tokenRules from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import * as rules from './push.rules.ts'

const { AUTH_REQ_ID, callback, ping, push, pushedError, REFRESH_TOKEN, serverKey, validatePush } = endpoint

describe('a push with tokens (CIBA Core 10.3.1)', () => {
  it('gives its members and the claims of its ID Token', async () => {
    const body = endpoint.pushBody({ scope: 'openid', iat: 1, extra: [1] }, { email: 'anna@example.com' })
    const pushed = await validatePush(callback(JSON.stringify(body)))
    const claims = {
      ...endpoint.pushClaims({ email: 'anna@example.com' }),
      iat: expect.any(Number),
      exp: expect.any(Number),
    }
    expect(pushed).toEqual({
      status: 'approved',
      auth_req_id: AUTH_REQ_ID,
      tokens: { ...body, token_type: 'bearer' },
      claims,
    })
    expect('tokens' in pushed && getValidatedIdTokenClaims(pushed.tokens)).toBe('claims' in pushed && pushed.claims)
  })

  it('may lack a refresh token, and then rt_hash', async () => {
    const without = { [endpoint.RT_HASH_CLAIM]: undefined }
    const { tokens } = Object(await validatePush(push({ refresh_token: undefined }, without)))
    expect(tokens).not.toHaveProperty('refresh_token')
  })

  it('is no ping: a client has one delivery mode (10)', async () => {
    const error = await refuses(rules.PUSH_MODE, () => validatePush(ping()), tokenRules.ACCESS_TOKEN)
    expect(error).toMatchObject({ code: 'OAUTH_INVALID_REQUEST' })
    const more = () => validatePush(ping({ refresh_token: REFRESH_TOKEN, token_type: 'Bearer' }))
    await refuses(rules.PUSH_MODE, more, tokenRules.ACCESS_TOKEN)
  })

  it('has no error beside the tokens (12)', async () => {
    await refuses(rules.PUSH_ERROR_ALONE, () => validatePush(push({ error: 'access_denied' })))
    await refuses(rules.PUSH_ERROR_ALONE, () => validatePush(pushedError({ id_token: 'x' })))
    await refuses(rules.PUSH_ERROR_ALONE, () => validatePush(pushedError({ access_token: 'x' })))
  })

  it.each(everyTypeBut('a text'))(
    'has an access_token, a text, not %s (RFC 6749 5.1)',
    async (_title, access_token) => {
      const act = () => validatePush(push({ access_token }))
      await refuses(tokenRules.ACCESS_TOKEN, act, rules.PUSH_ACCESS_TOKEN_HASH)
    },
  )

  it.each(everyTypeBut('a text'))('has a token_type, a text, not %s (RFC 6749 5.1)', async (_title, token_type) => {
    await refuses(tokenRules.TOKEN_TYPE, () => validatePush(push({ token_type })), tokenRules.TOKEN_TYPE_RECOGNIZED)
  })

  it.each(everyTypeBut('missing', 'a text'))(
    'has a refresh_token that is a text, not %s (RFC 6749 5.1)',
    async (_title, refresh_token) => {
      const act = () => validatePush(push({ refresh_token }))
      await refuses(tokenRules.REFRESH_TOKEN, act, rules.PUSH_REFRESH_TOKEN_HASH)
    },
  )

  it('has an expires_in that is a number, and a scope that is a string (RFC 6749 5.1)', async () => {
    await refuses(tokenRules.EXPIRES_IN, () => validatePush(push({ expires_in: 'soon' })))
    await refuses(tokenRules.SCOPE, () => validatePush(push({ scope: ['openid'] })))
    expect(await validatePush(push({ expires_in: '120' }))).toMatchObject({ tokens: { expires_in: 120 } })
  })

  it('has an ID Token (10.3.1)', async () => {
    await refuses(rules.PUSH_ID_TOKEN, () => validatePush(push({ id_token: undefined })))
  })

  it.each(everyTypeBut('missing', 'a text'))('has an id_token that is a text, not %s', async (_title, id_token) => {
    await refuses(tokenRules.ID_TOKEN, () => validatePush(push({ id_token })), JWT_PARTS)
  })

  it.each(['Bearer', 'bearer', 'DPoP'])('may have an access token of type %s (RFC 6749 5.1)', async (type) => {
    const pushed = await validatePush(push({ token_type: type }))
    expect(pushed).toMatchObject({ tokens: { token_type: type.toLowerCase() } })
  })

  it('has an access token of a type that somebody recognizes (RFC 6749 7.1)', async () => {
    await refuses(tokenRules.TOKEN_TYPE_RECOGNIZED, () => validatePush(push({ token_type: 'MAC' })))
    const mac = vi.fn()
    const pushed = await validatePush(push({ token_type: 'MAC' }), { recognizedTokenTypes: { mac } })
    expect(pushed).toMatchObject({ tokens: { token_type: 'mac' } })
    expect(mac.mock.calls).toEqual([[expect.any(Response), 'tokens' in pushed && pushed.tokens]])
  })

  it('is not given to a function for its type that is bound to something else', async () => {
    const mac = vi.fn()
    await refuses(rules.PUSH_ACCESS_TOKEN_HASH, () =>
      validatePush(push({ token_type: 'MAC', access_token: 'other' }), { recognizedTokenTypes: { mac: vi.fn() } }),
    )
    await expect(
      validatePush(push({ token_type: 'MAC', access_token: 'other' }), { recognizedTokenTypes: { mac } }),
    ).rejects.toThrow()
    expect(mac).not.toHaveBeenCalled()
  })

  it('is validated under keys that the caller keeps', async () => {
    const fetched = vi.fn(() => Promise.resolve(json({ keys: [serverKey.jwk] })))
    const cache: JWKSCacheInput = {}
    const options = { [customFetch]: fetched, [jwksCache]: cache }
    expect(await validatePush(push(), options)).toMatchObject({ status: 'approved' })
    expect(await validatePush(push(), options)).toMatchObject({ status: 'approved' })
    expect(fetched).toHaveBeenCalledOnce()
    expect(cache).toMatchObject({ jwks: { keys: [serverKey.jwk] } })
  })

  it('does not bring the server’s keys to be fetched where the token is wrong', async () => {
    const fetched = vi.fn(() => Promise.resolve(json({ keys: [serverKey.jwk] })))
    const forged = callback(JSON.stringify(endpoint.pushBody()), { authorization: 'Bearer another' })
    await expect(validatePush(forged, { [customFetch]: fetched })).rejects.toThrow()
    expect(fetched).not.toHaveBeenCalled()
  })
})

describe('a push with an error (CIBA Core 12)', () => {
  it.each(['access_denied', 'expired_token', 'transaction_failed'])('gives %s', async (error) => {
    const refused = { status: 'refused', auth_req_id: AUTH_REQ_ID, error }
    expect(await validatePush(pushedError({ error }))).toStrictEqual(refused)
    expect(await validatePush(pushedError({ error, error_description: 'The user said no.', error_uri: 'x' }))).toEqual({
      ...refused,
      error_description: 'The user said no.',
    })
  })

  it.each([...everyTypeBut('missing'), ['another code', 'invalid_grant'], ['other letters', 'ACCESS_DENIED']] as const)(
    'has one of these codes, not %s',
    async (_title, error) => {
      await refuses(rules.PUSH_ERROR, () => validatePush(pushedError({ error })))
    },
  )

  it.each([' ', '!', '#', '[', ']', '~', 'no', ''])('may have the error_description %j', async (error_description) => {
    expect(await validatePush(pushedError({ error_description }))).toMatchObject({ error_description })
  })

  it.each(['"', '\\', '\n', '\u001b[2K', '\u007f', 'ü', '\u202e'])(
    'has no error_description with %j in it',
    async (error_description) => {
      await refuses(rules.PUSH_ERROR_DESCRIPTION, () => validatePush(pushedError({ error_description })))
    },
  )

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
    'has an error_description that is a string, not %s',
    async (_title, error_description) => {
      await refuses(rules.PUSH_ERROR_DESCRIPTION, () => validatePush(pushedError({ error_description })))
    },
  )
})
