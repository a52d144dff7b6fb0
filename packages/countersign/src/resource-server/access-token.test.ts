import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import * as claimRules from '../jose/claims.ts'
import { _expectedIssuer } from '../jose/issuer.ts'
import * as jwt from '../jose/jwt.ts'
import { KEY_SIZE } from '../jose/keys.ts'
import { SIGNATURE_ENCODING, SIGNATURE_VALID } from '../jose/verification.ts'
import { SIGNATURE_ALGORITHM, SIGNATURE_KEY, SIGNATURE_KEY_UNIQUE } from '../jwks/select.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, encodePart, idTokenClaims } from '../testing/answers.ts'
import { isCallersMistake, NO_TEXTS } from '../testing/callers-mistake.ts'
import { keyServer } from '../testing/key-server.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { COMMON_ALGORITHMS, signedJwt, signingKey } from '../testing/signed.ts'
import { flipBit, withSignature } from '../testing/verify-under.ts'
import { validateJwtAccessToken } from './access-token.ts'
import * as rules from './access-token.rules.ts'

const { accessToken, AUDIENCE, request, serverKey, validate } = resource

type Options = Parameters<typeof validate>[1]

/** Validates a request with a token for its bearer. */
function bearer(token: string, options?: Options, keys?: Parameters<typeof validate>[2]) {
  return validate(request(`Bearer ${token}`), options, keys)
}

function withClaims(changes: Parameters<typeof accessToken>[0]) {
  return bearer(accessToken(changes))
}

describe('an access token', () => {
  it('is given back as its claims (RFC 9068 4)', async () => {
    const claims = { ...resource.accessTokenClaims(), groups: ['a', { b: null }] }
    const validated = await bearer(signedJwt(serverKey, claims, { typ: 'at+jwt' }))
    expect(validated).toEqual(claims)
  })

  it.each(COMMON_ALGORITHMS)('may be signed by %s', async (alg) => {
    const key = signingKey(alg, 'key-1')
    expect(await bearer(accessToken({}, {}, key), {}, [key.jwk])).toMatchObject({ sub: 'anna' })
  })

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
    'may have the type %s (RFC 7515 4.1.9, RFC 2045 5.1)',
    async (typ) => {
      expect(await bearer(accessToken({}, { typ }))).toMatchObject({ sub: 'anna' })
    },
  )

  it('may be for other audiences too (RFC 9068 4 item 4)', async () => {
    expect(await withClaims({ aud: ['https://other.example.com', AUDIENCE] })).toMatchObject({ sub: 'anna' })
  })

  it.each(['', ' ', '*'])('may have %j for its texts, which are the caller’s to judge', async (text) => {
    const changes = { sub: text, jti: text, client_id: text }
    expect(await withClaims(changes)).toMatchObject(changes)
  })

  it('leaves the body of the request unread', async () => {
    const incoming = request(`Bearer ${accessToken()}`, undefined, { method: 'POST', body: 'body' })
    await validate(incoming)
    expect(incoming.bodyUsed).toBe(false)
    expect(await incoming.text()).toBe('body')
  })

  it('takes a request whose body was read', async () => {
    const incoming = request(`Bearer ${accessToken()}`, undefined, { method: 'POST', body: 'body' })
    await incoming.text()
    expect(await validate(incoming)).toMatchObject({ sub: 'anna' })
  })

  it('is taken without options', async () => {
    const server = { ...as }
    // the keys are in memory after the first call
    const { options } = keyServer(serverKey.jwk)
    await validateJwtAccessToken(server, request(`Bearer ${accessToken()}`), AUDIENCE, options)
    const validated = await validateJwtAccessToken(server, request(`Bearer ${accessToken()}`), AUDIENCE)
    expect(validated).toMatchObject({ sub: 'anna' })
  })

  it('is from the issuer that the server’s metadata tell for it', async () => {
    const server = {
      ...as,
      [_expectedIssuer]: ({ claims }: { claims: object }) => `${as.issuer}/${Object(claims).tid}`,
    }
    const token = accessToken({ iss: `${as.issuer}/tenant`, tid: 'tenant' })
    expect(await validate(request(`Bearer ${token}`), {}, undefined, server)).toMatchObject({ sub: 'anna' })
    await refuses(rules.ACCESS_TOKEN_ISSUER, () =>
      validate(request(`Bearer ${accessToken({ tid: 'tenant' })}`), {}, undefined, server),
    )
  })
})

describe('the arguments', () => {
  const incoming = request(`Bearer ${accessToken()}`)

  // what callers without types do
  const call = (...parameters: unknown[]) => Reflect.apply(validateJwtAccessToken, undefined, parameters)

  it.each([[undefined], [null], ['https://op.example.com'], [{}], [{ issuer: 5 }]])(
    'as: %j is no metadata',
    async (server) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(server, incoming, AUDIENCE))
    },
  )

  it.each([[undefined], [null], ['GET'], [{ headers: incoming.headers }], [new Response()], [incoming.headers]])(
    'request: %j is none',
    async (value) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(as, value, AUDIENCE))
    },
  )

  it.each(NO_TEXTS)('expectedAudience: %s is none', async (_, audience, code) => {
    await isCallersMistake(code, () => call(as, incoming, audience))
  })

  it.each([[null], ['ES256'], [5], [{ 0: 'ES256' }], [new Set(['ES256'])]])(
    'signingAlgorithms: %j is no list',
    async (signingAlgorithms) => {
      await isCallersMistake('ERR_INVALID_ARG_TYPE', () => call(as, incoming, AUDIENCE, { signingAlgorithms }))
    },
  )
})

describe('the Authorization header (RFC 6750 2.1)', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('may have the scheme %s (RFC 9110 11.1)', async (scheme) => {
    expect(await validate(request(`${scheme} ${accessToken()}`))).toMatchObject({ sub: 'anna' })
  })

  it.each([(token: string) => `Bearer   ${token}`, (token: string) => `  Bearer ${token}  `])(
    'may have more blanks',
    async (header) => {
      expect(await validate(request(header(accessToken())))).toMatchObject({ sub: 'anna' })
    },
  )

  it('is missed', async () => {
    const incoming = request(undefined)
    const error = await refuses(rules.AUTHORIZATION_PRESENT, () => validate(incoming))
    expect(error.cause).toMatchObject({ header: 'authorization' })
    expect(Object(error.cause).headers).toBe(incoming.headers)
  })

  it('is not replaced by a parameter of the query or the body (RFC 6750 2.2, 2.3)', async () => {
    const body = new URLSearchParams({ access_token: accessToken() })
    const incoming = new Request(`https://api.example.com/accounts?${body}`, { method: 'POST', body })
    await refuses(rules.AUTHORIZATION_PRESENT, () => validate(incoming))
  })

  it.each(['Basic', 'Token', 'JWT', 'Bearerx', 'xBearer', 'Bearer,', 'DPoPs', 'MAC', '"Bearer"'])(
    'is refused with the scheme %s',
    async (scheme) => {
      const error = await refuses(rules.AUTHORIZATION_SCHEME, () => validate(request(`${scheme} ${accessToken()}`)))
      expect(error).toMatchObject({ expected: ['bearer', 'dpop'], cause: { header: 'authorization' } })
    },
  )

  it.each([
    ['nothing in it', () => ''],
    ['a token only', (token: string) => token],
    ['a tab behind its scheme', (token: string) => `Bearer\t${token}`],
  ])('is refused with %s', async (_, header) => {
    const incoming = request(header(accessToken()))
    await refuses(rules.AUTHORIZATION_SCHEME, () => validate(incoming), rules.AUTHORIZATION_FORM)
  })

  it.each([
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a parameter behind the token', (token: string) => `Bearer ${token} realm="x"`],
  ])('is refused with %s', async (_, header) => {
    const error = await refuses(rules.AUTHORIZATION_FORM, () => validate(request(header(accessToken()))))
    expect(error.cause).toMatchObject({ header: 'authorization' })
  })

  it('is refused without a token', async () => {
    await refuses(rules.AUTHORIZATION_FORM, () => validate(request('Bearer')))
  })

  it('is refused when it came twice', async () => {
    const headers = new Headers()
    headers.append('authorization', `Bearer ${accessToken()}`)
    headers.append('authorization', `Bearer ${accessToken({ sub: 'eve' })}`)
    // without the rule, the first token is one with a comma
    await refuses(
      rules.AUTHORIZATION_FORM,
      () => validate(new Request(resource.RESOURCE_URL, { headers })),
      SIGNATURE_ENCODING,
    )
  })

  it.each([
    ['a comma', ','],
    ['padding', '='],
    ['a semicolon', ';'],
  ])('is refused with %s behind the token', async (_, end) => {
    await refuses(SIGNATURE_ENCODING, () => bearer(`${accessToken()}${end}`))
  })
})

describe('the header of an access token', () => {
  it.each(everyTypeBut('a text', 'an empty string'))('is refused with a typ that is %s', async (_, typ) => {
    await refuses(rules.ACCESS_TOKEN_TYPE, () => bearer(accessToken({}, { typ })))
  })

  it.each([
    '',
    'JWT',
    'dpop+jwt',
    'at+jwt ',
    'at-jwt',
    'at+jwts',
    'secevent+jwt',
    'text/at+jwt',
    'at+application/jwt',
    'application/application/at+jwt',
    'at+jwt;application/',
  ])('is refused with the typ %j (RFC 9068 4 item 1)', async (typ) => {
    const error = await refuses(rules.ACCESS_TOKEN_TYPE, () => bearer(accessToken({}, { typ })))
    expect(error).toMatchObject({ expected: 'at+jwt', actual: typ, cause: { parameter: 'typ' } })
    expect(error.cause).toHaveProperty('header.typ', typ)
  })

  it('is refused when the token is an ID Token (RFC 9068 5)', async () => {
    // one that has all that an access token has, but for its type
    const claims = idTokenClaims({ aud: [client.client_id, AUDIENCE], client_id: 'shop', jti: 'id-1' })
    await refuses(rules.ACCESS_TOKEN_TYPE, () => bearer(signedJwt(serverKey, claims, { typ: 'JWT' })))
  })

  it('is refused when it says that the token is not signed (RFC 9068 4 item 5)', async () => {
    const header = { alg: 'none', typ: 'at+jwt' }
    const token = `${encodePart(header)}.${encodePart(resource.accessTokenClaims())}.`
    const error = await refuses(rules.ACCESS_TOKEN_ALG, () => bearer(token), SIGNATURE_ALGORITHM)
    expect(error).toMatchObject({ actual: 'none' })
    expect(Object(error.cause)).toHaveProperty('reason', 'default value')
    // also where a caller would have it
    await refuses(SIGNATURE_ALGORITHM, () => bearer(token, { signingAlgorithms: ['none'] }))
  })

  it.each(['HS256', 'HS384', 'HS512'])('is refused with the algorithm %s (RFC 8725 2.1)', async (alg) => {
    const input = `${encodePart({ alg, kid: 'server-1', typ: 'at+jwt' })}.${encodePart(resource.accessTokenClaims())}`
    const pem = createPublicKey(serverKey.privateKey).export({ type: 'spki', format: 'pem' })
    const mac = createHmac(`sha${alg.slice(2)}`, pem)
      .update(input)
      .digest('base64url')
    await refuses(rules.ACCESS_TOKEN_ALG, () => bearer(`${input}.${mac}`), SIGNATURE_ALGORITHM)
    await refuses(SIGNATURE_ALGORITHM, () => bearer(`${input}.${mac}`, { signingAlgorithms: [alg] }))
  })

  it('is refused with an algorithm that is not in signingAlgorithms', async () => {
    expect(await bearer(accessToken(), { signingAlgorithms: ['PS256', 'ES256'] })).toMatchObject({ sub: 'anna' })
    for (const signingAlgorithms of [['PS256'], ['ES256K', 'ES25', 'ES2567', 'es256'], []]) {
      const error = await refuses(rules.ACCESS_TOKEN_ALG, () => bearer(accessToken(), { signingAlgorithms }))
      expect(error).toMatchObject({ expected: signingAlgorithms, actual: 'ES256' })
      expect(Object(error.cause)).toHaveProperty('reason', 'client configuration')
    }
  })

  it('is judged by signingAlgorithms alone, whatever the server’s metadata name', async () => {
    const server = {
      ...as,
      id_token_signing_alg_values_supported: ['RS256'],
      dpop_signing_alg_values_supported: ['RS256'],
    }
    expect(await validate(request(`Bearer ${accessToken()}`), {}, undefined, server)).toMatchObject({ sub: 'anna' })
  })

  it.each(everyTypeBut('a text', 'an empty string'))('is refused with an alg that is %s', async (_, alg) => {
    // for the default and where the value itself is expected
    await refuses(rules.ACCESS_TOKEN_ALG, () => bearer(accessToken({}, { alg })), SIGNATURE_ALGORITHM)
    // what callers without types do
    const signingAlgorithms = [alg as string]
    await refuses(
      rules.ACCESS_TOKEN_ALG,
      () => bearer(accessToken({}, { alg }), { signingAlgorithms }),
      SIGNATURE_ALGORITHM,
    )
  })

  it('is refused with crit (RFC 7515 4.1.11)', async () => {
    await refuses(jwt.JWT_CRITICAL, () => bearer(accessToken({}, { crit: ['b64'], b64: true })))
  })

  it('is refused when the token is encrypted', async () => {
    await refuses(jwt.JWE_DECRYPTION, () => bearer('e30.e30.e30.e30.e30'), jwt.JWT_PARTS)
  })

  it.each([
    ['opaque', 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO', jwt.JWT_PARTS],
    ['of four parts', `${accessToken()}.e30`, jwt.JWT_PARTS],
    ['without JSON in its header', accessToken().replace(/^[^.]*/, 'AAAA'), jwt.JWT_HEADER],
    ['with a list for its header', accessToken().replace(/^[^.]*/, 'W10'), jwt.JWT_HEADER_OBJECT],
    ['without JSON in its claims', accessToken().replace(/\.[^.]*/, '.AAAA'), jwt.JWT_CLAIMS],
    ['with a list for its claims', accessToken().replace(/\.[^.]*/, '.W10'), jwt.JWT_CLAIMS_OBJECT],
  ])('is not found in a token that is %s', async (_, token, rule) => {
    expect(await rejectionOf(() => bearer(token))).toMatchObject({ code: rule.code, rule: rule.id })
  })
})

describe('the claims of an access token', () => {
  const { ACCESS_TOKEN_ISSUER, ACCESS_TOKEN_AUDIENCE } = rules

  it.each([
    ['iss', rules.ACCESS_TOKEN_ISSUER_PRESENT, [ACCESS_TOKEN_ISSUER]],
    ['exp', rules.ACCESS_TOKEN_EXPIRES, []],
    ['aud', rules.ACCESS_TOKEN_AUDIENCE_PRESENT, [ACCESS_TOKEN_AUDIENCE]],
    ['sub', rules.ACCESS_TOKEN_SUBJECT_PRESENT, [rules.ACCESS_TOKEN_SUBJECT]],
    ['iat', rules.ACCESS_TOKEN_ISSUED_AT, []],
    ['jti', rules.ACCESS_TOKEN_ID_PRESENT, [rules.ACCESS_TOKEN_ID]],
    ['client_id', rules.ACCESS_TOKEN_CLIENT_PRESENT, [rules.ACCESS_TOKEN_CLIENT]],
  ] as const)('have %s (RFC 9068 2.2)', async (claim, rule, backstops) => {
    const error = await refuses(rule, () => withClaims({ [claim]: undefined }), ...backstops)
    expect(error.cause).toMatchObject({ claim })
    expect(Object(error.cause).claims).toHaveProperty('scope')
  })

  it.each([
    ['client_id', rules.ACCESS_TOKEN_CLIENT],
    ['jti', rules.ACCESS_TOKEN_ID],
    ['sub', rules.ACCESS_TOKEN_SUBJECT],
  ] as const)('have a text for %s (RFC 9068 2.2)', async (claim, rule) => {
    for (const [, value] of everyTypeBut('missing', 'a text', 'an empty string')) {
      await refuses(rule, () => withClaims({ [claim]: value }))
    }
  })

  it.each([
    'https://evil.example',
    `${as.issuer}/`,
    as.issuer.toUpperCase(),
    'https://op.example.com.evil.example',
    'http://op.example.com',
    '',
  ])('are refused from the issuer %j (RFC 9068 4 item 3)', async (iss) => {
    const error = await refuses(ACCESS_TOKEN_ISSUER, () => withClaims({ iss }))
    expect(error).toMatchObject({ expected: as.issuer, actual: iss })
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))(
    'are refused with an iss that is %s',
    async (_, iss) => {
      await refuses(claimRules.JWT_ISSUER, () => withClaims({ iss }), ACCESS_TOKEN_ISSUER)
    },
  )

  it.each<[string | (string | number | string[])[]]>([
    ['https://other.example.com'],
    [`${AUDIENCE}/`],
    [AUDIENCE.toUpperCase()],
    [`${AUDIENCE} https://other.example.com`],
    [''],
    [[]],
    [['https://other.example.com']],
    [[`${AUDIENCE}/`, 5]],
    [[[AUDIENCE]]],
  ])('are refused for the audience %j (RFC 9068 4 item 4)', async (aud) => {
    const error = await refuses(ACCESS_TOKEN_AUDIENCE, () => withClaims({ aud }))
    expect(error).toMatchObject({ expected: AUDIENCE })
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string', 'an array', 'an empty array'))(
    'are refused with an aud that is %s',
    async (_, aud) => {
      await refuses(claimRules.JWT_AUDIENCE, () => withClaims({ aud }), ACCESS_TOKEN_AUDIENCE)
    },
  )
})

describe('the signature of an access token (RFC 9068 4 item 5)', () => {
  it('is refused when another key made it', async () => {
    const mallory = signingKey('ES256', 'server-1')
    await refuses(SIGNATURE_VALID, () => bearer(accessToken({}, {}, mallory)))
  })

  it('is refused when the key in the token’s own header made it', async () => {
    const mallory = signingKey('ES256', 'server-1')
    await refuses(SIGNATURE_VALID, () => bearer(accessToken({}, { jwk: { ...mallory.jwk } }, mallory)))
  })

  it('is refused when it was tampered with', async () => {
    const token = accessToken()
    const tampered = withSignature(token, flipBit(token.slice(token.lastIndexOf('.') + 1), 99))
    await refuses(SIGNATURE_VALID, () => bearer(tampered))
  })

  it('is refused when the claims were', async () => {
    const [header, , signature] = accessToken().split('.')
    const claims = encodePart(resource.accessTokenClaims({ sub: 'eve' }))
    await refuses(SIGNATURE_VALID, () => bearer(`${header}.${claims}.${signature}`))
  })

  it('is refused when the server has no such key', async () => {
    const other = signingKey('ES256', 'server-2')
    await refuses(SIGNATURE_KEY, () => bearer(accessToken(), {}, [other.jwk]), SIGNATURE_KEY_UNIQUE)
  })

  it('is refused under an RSA key of 1024 bits (RFC 7518 3.3)', async () => {
    const weak = signingKey('RS256', 'weak', 1024)
    await refuses(KEY_SIZE, () => bearer(accessToken({}, {}, weak), {}, [weak.jwk]))
  })

  it('is looked at last, so that a token for others costs no request', async () => {
    const server = keyServer(serverKey.jwk)
    const token = accessToken({ aud: 'https://other.example.com' })
    await rejectionOf(() => validate(request(`Bearer ${token}`), server.options))
    expect(server.requests).toEqual([])
  })
})

it('tells the trace every check, and holds every claim to one (RFC 9068 4)', async () => {
  const events: CheckEvent[] = []
  await bearer(accessToken(), { [trace]: (event) => void events.push(event) })
  expect(events.filter(({ passed }) => !passed)).toEqual([])
  const seen = new Set(events.map(({ rule }) => rule))
  expect(Object.values(rules).filter(({ id }) => !seen.has(id))).toEqual([])
})

it('has the code of oauth4webapi where the request itself is malformed', async () => {
  const error = await rejectionOf(() => validate(request(undefined)))
  expect(error).toBeInstanceOf(OperationProcessingError)
  expect(error).toMatchObject({ code: 'OAUTH_INVALID_REQUEST' })
})
