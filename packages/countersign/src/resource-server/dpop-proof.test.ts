import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DPoP } from '../dpop/dpop.ts'
import { resourceRequest } from '../exchange/resource-request.ts'
import * as claimRules from '../jose/claims.ts'
import * as jwt from '../jose/jwt.ts'
import { SIGNATURE_ENCODING } from '../jose/verification.ts'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { client } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { cryptoKeys } from '../testing/signed.ts'
import type { ValidateJWTAccessTokenOptions } from './access-token.ts'
import * as rules from './dpop-proof.rules.ts'

const { boundToken, clientKey, proof, RESOURCE_URL, request, validate } = resource

type Changes = Parameters<typeof proof>[1]

/** Validates a request whose proof has other claims or another header. */
function withProof(changes: Changes, header: Changes = {}, options: ValidateJWTAccessTokenOptions = {}) {
  const token = boundToken()
  return validate(request(`DPoP ${token}`, proof(token, changes, header)), options)
}

/** Validates a request to a URL, with a proof for another one. */
function at(url: string, htu: string) {
  const token = boundToken()
  const headers = { authorization: `DPoP ${token}`, dpop: proof(token, { htu }) }
  return validate(new Request(url, { headers }))
}

describe('a proof', () => {
  it('is taken (RFC 9449 4.3)', async () => {
    expect(await withProof({})).toMatchObject({ sub: 'anna' })
  })

  it('is taken as DPoP() makes it', async () => {
    const { options, requests } = recorder()
    const token = boundToken()
    const handle = DPoP(client, await cryptoKeys(clientKey))
    await resourceRequest(token, new URL(RESOURCE_URL), 'PUT', new Headers(), undefined, { ...options, DPoP: handle })
    const { url = '', headers } = requests[0] ?? {}
    expect(await validate(new Request(url, { method: 'PUT', ...(headers && { headers }) }))).toMatchObject({
      sub: 'anna',
    })
  })

  it('may have more claims, a nonce among them, whose memory is the caller’s', async () => {
    expect(await withProof({ nonce: 'n', iss: 'shop', aud: ['x'], more: {} })).toMatchObject({ sub: 'anna' })
  })

  it('is taken twice: whether it is replayed is for the caller to know (RFC 9449 11.1)', async () => {
    const token = boundToken()
    const incoming = request(`DPoP ${token}`, proof(token))
    await validate(incoming)
    expect(await validate(incoming)).toMatchObject({ sub: 'anna' })
  })

  it('is refused beside another one (RFC 9449 4.3 item 1)', async () => {
    const token = boundToken()
    const headers = new Headers({ authorization: `DPoP ${token}` })
    headers.append('dpop', proof(token))
    headers.append('dpop', proof(token))
    const incoming = new Request(RESOURCE_URL, { headers })
    // joined by a comma, they have the five parts of an encrypted JWT
    const error = await refuses(rules.PROOF_SINGLE, () => validate(incoming), jwt.JWE_DECRYPTION)
    expect(Object(error.cause).headers).toBe(incoming.headers)
  })

  it.each(['', 'x'])('is refused beside %j (RFC 9449 4.3 item 1)', async (other) => {
    const token = boundToken()
    for (const values of [
      [proof(token), other],
      [other, proof(token)],
    ]) {
      const headers = new Headers({ authorization: `DPoP ${token}` })
      for (const value of values) headers.append('dpop', value)
      const incoming = new Request(RESOURCE_URL, { headers })
      const backstop = values[0] === other ? jwt.JWT_HEADER : SIGNATURE_ENCODING
      await refuses(rules.PROOF_SINGLE, () => validate(incoming), backstop)
    }
  })

  it.each([
    ['nothing', '', jwt.JWT_PARTS],
    ['no JWT', 'x', jwt.JWT_PARTS],
    ['an encrypted JWT', 'a.b.c.d.e', jwt.JWE_DECRYPTION],
    ['two parts', 'e30.e30', jwt.JWT_PARTS],
    ['no JSON', '_.e30.', jwt.JWT_HEADER],
  ])('is refused as %s (RFC 9449 4.3 item 2)', async (_, text, rule) => {
    const error = await rejectionOf(() => validate(request(`DPoP ${boundToken()}`, text)))
    expect(error).toMatchObject({ code: rule.code, rule: rule.id })
  })
})

describe('typ of a proof (RFC 9449 4.3 item 4)', () => {
  it.each(['DPOP+JWT', 'application/dpop+jwt'])('is dpop+jwt also as %s', async (typ) => {
    expect(await withProof({}, { typ })).toMatchObject({ sub: 'anna' })
  })

  it.each(['', 'JWT', 'at+jwt', 'dpop', 'dpop+jwt '])('is refused as %j', async (typ) => {
    const error = await refuses(rules.PROOF_TYPE, () => withProof({}, { typ }))
    expect(error).toMatchObject({ expected: 'dpop+jwt', actual: typ })
  })

  it.each(everyTypeBut('a text', 'an empty string'))('is refused when it is %s', async (_, typ) => {
    await refuses(rules.PROOF_TYPE, () => withProof({}, { typ }))
  })
})

describe('the claims of a proof (RFC 9449 4.3 item 3)', () => {
  it.each([
    ['iat', rules.PROOF_ISSUED_AT_PRESENT, [rules.PROOF_ISSUED_AT]],
    ['jti', rules.PROOF_ID, []],
    ['ath', rules.PROOF_TOKEN_HASH_PRESENT, [rules.PROOF_TOKEN_HASH]],
    ['htm', rules.PROOF_METHOD_PRESENT, [rules.PROOF_METHOD]],
    ['htu', rules.PROOF_URL_PRESENT, [rules.PROOF_URL]],
  ] as const)('have %s', async (claim, rule, backstops) => {
    const error = await refuses(rule, () => withProof({ [claim]: undefined }), ...backstops)
    expect(error.cause).toMatchObject({ claim })
  })

  it('have a text for jti, any text', async () => {
    for (const [, jti] of everyTypeBut('a text', 'an empty string')) {
      await refuses(rules.PROOF_ID, () => withProof({ jti }))
    }
    expect(await withProof({ jti: '' })).toMatchObject({ sub: 'anna' })
  })
})

describe('htm (RFC 9449 4.3 item 8)', () => {
  it.each(['POST', 'get', 'Get', 'GET ', '', 'HEAD'])('is refused as %j for a GET', async (htm) => {
    const error = await refuses(rules.PROOF_METHOD, () => withProof({ htm }))
    expect(error).toMatchObject({ expected: 'GET', actual: htm })
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))('is refused when it is %s', async (_, htm) => {
    await refuses(rules.PROOF_METHOD, () => withProof({ htm }))
  })

  it.each(['POST', 'DELETE', 'patch', 'QUERY'])('is the method of a %s', async (method) => {
    const token = boundToken()
    const incoming = request(`DPoP ${token}`, proof(token, { htm: method }), { method })
    expect(await validate(incoming)).toMatchObject({ sub: 'anna' })
    await refuses(rules.PROOF_METHOD, () => validate(request(`DPoP ${token}`, proof(token), { method })))
  })
})

describe('htu (RFC 9449 4.3 item 9)', () => {
  it.each([
    ['with its query', RESOURCE_URL],
    ['with another query', 'https://api.example.com/accounts?page=3'],
    ['with an empty query', 'https://api.example.com/accounts?'],
    ['with a fragment', 'https://api.example.com/accounts#x'],
    ['with an empty fragment', 'https://api.example.com/accounts#'],
    // RFC 3986 §6.2.2 and §6.2.3: normalized
    ['with its host in capital letters', 'HTTPS://API.EXAMPLE.COM/accounts'],
    ['with the port that is the default', 'https://api.example.com:443/accounts'],
    ['with dot segments', 'https://api.example.com/x/.././accounts'],
  ])('is the URL of the request %s', async (_, htu) => {
    expect(await withProof({ htu })).toMatchObject({ sub: 'anna' })
  })

  it.each([
    ['with another path', 'https://api.example.com/transfers'],
    ['with a slash at its end', 'https://api.example.com/accounts/'],
    ['with a path in other letters', 'https://api.example.com/Accounts'],
    ['with a longer path', 'https://api.example.com/accounts/1'],
    ['with its query as a part of the path', 'https://api.example.com/accounts%3Fpage=2'],
    ['with a letter that is escaped', 'https://api.example.com/%61ccounts'],
    ['with two slashes', 'https://api.example.com//accounts'],
    ['without TLS', 'http://api.example.com/accounts'],
    ['with another port', 'https://api.example.com:8443/accounts'],
    ['with the port of the other scheme', 'https://api.example.com:80/accounts'],
    ['with another host', 'https://api.example.com.evil.example/accounts'],
    ['with a dot behind its host', 'https://api.example.com./accounts'],
    ['with a user', 'https://anna@api.example.com/accounts'],
    ['without a path', 'https://api.example.com'],
  ])('is refused %s', async (_, htu) => {
    const error = await refuses(rules.PROOF_URL, () => withProof({ htu }))
    expect(error).toMatchObject({ expected: 'https://api.example.com/accounts', actual: htu })
  })

  it.each(['', '/accounts', 'accounts', '//api.example.com/accounts', 'api.example.com/accounts', 'https://', '?'])(
    'is refused as %j, which is no absolute URL',
    async (htu) => {
      await refuses(rules.PROOF_URL, () => withProof({ htu }))
    },
  )

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))('is refused when it is %s', async (_, htu) => {
    await refuses(rules.PROOF_URL, () => withProof({ htu }))
  })

  it('is refused as a list that becomes the URL by conversion', async () => {
    await refuses(rules.PROOF_URL, () => withProof({ htu: ['https://api.example.com/accounts'] }))
  })

  it('leaves the query and the fragment of the request out', async () => {
    const url = 'https://api.example.com/accounts'
    expect(await at(`${url}#x`, url)).toMatchObject({ sub: 'anna' })
    expect(await at(`${url}?#x`, url)).toMatchObject({ sub: 'anna' })
  })

  it.each([
    ['https://api.example.com', 'https://api.example.com/'],
    ['https://api.example.com:8443/a', 'https://api.example.com:8443/a?b'],
    ['http://localhost:3000/a', 'http://localhost:3000/a'],
    ['https://[::1]/a', 'https://[0:0::1]/a'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
  ])('for a request to %s is %s too', async (url, htu) => {
    expect(await at(url, htu)).toMatchObject({ sub: 'anna' })
  })

  it.each([
    ['http://localhost:3000/a', 'http://localhost:3001/a'],
    ['http://localhost:3000/a', 'https://localhost:3000/a'],
    ['https://api.example.com/', 'https://api.example.com//'],
  ])('for a request to %s is refused as %s', async (url, htu) => {
    await refuses(rules.PROOF_URL, () => at(url, htu))
  })

  it('is refused where the request of another implementation has no absolute URL, also if they are the same', async () => {
    const token = boundToken()
    for (const htu of ['/accounts', 'x', '']) {
      const { headers } = request(`DPoP ${token}`, proof(token, { htu }))
      // what the library reads of a Request
      const incoming = { url: htu, method: 'GET', headers, [Symbol.toStringTag]: 'Request' } as unknown as Request
      await refuses(rules.PROOF_URL, () => validate(incoming))
    }
  })
})

describe('ath (RFC 9449 4.3 item 12)', () => {
  it.each([
    ['', 'nothing'],
    [resource.sha256('another'), 'the hash of another token'],
    [resource.sha256(''), 'the hash of nothing'],
  ])('is refused as %j, %s', async (ath) => {
    const token = boundToken()
    const incoming = request(`DPoP ${token}`, proof(token, { ath }))
    const error = await refuses(rules.PROOF_TOKEN_HASH, () => validate(incoming))
    expect(Object(error.cause)).toHaveProperty('expected', resource.sha256(token))
  })

  it('is refused as the hash in other encodings, and as the token itself', async () => {
    const token = boundToken()
    const hash = resource.sha256(token)
    for (const ath of [`${hash}=`, Buffer.from(hash, 'base64url').toString('hex'), token, hash.slice(1), [hash]]) {
      const incoming = request(`DPoP ${token}`, proof(token, { ath }))
      await refuses(rules.PROOF_TOKEN_HASH, () => validate(incoming))
    }
  })

  it.each(everyTypeBut('missing', 'a text', 'an empty string'))('is refused when it is %s', async (_, ath) => {
    await refuses(rules.PROOF_TOKEN_HASH, () => withProof({ ath }))
  })
})

describe('the time of a proof (RFC 9449 4.3 item 11)', () => {
  const NOW = 1_800_000_000

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([-300, -299.5, -1, 0, 1, 299.5, 300])('may be %d s from now', async (seconds) => {
    expect(await withProof({ iat: NOW + seconds })).toMatchObject({ sub: 'anna' })
  })

  it.each([-301, -300.5, 300.5, 301, 86_400, -NOW, -NOW - 1, 1e308])('is refused %d s from now', async (seconds) => {
    const error = await refuses(rules.PROOF_ISSUED_AT, () => withProof({ iat: NOW + seconds }))
    expect(error).toMatchObject({ expected: `within 300 seconds of ${NOW}`, actual: NOW + seconds })
    expect(error.cause).toMatchObject({ claim: 'iat' })
    expect(Object(error.cause)).toHaveProperty('now', NOW)
  })

  it('follows clockSkew', async () => {
    const skewed = { [clockSkew]: 1000 }
    // the token was made by this machine’s clock
    const token = boundToken({ exp: NOW + 2000 })
    const incoming = (iat: number) => request(`DPoP ${token}`, proof(token, { iat }))
    expect(await validate(incoming(NOW + 1300), skewed)).toMatchObject({ sub: 'anna' })
    await refuses(rules.PROOF_ISSUED_AT, () => validate(incoming(NOW + 699), skewed))
    await refuses(rules.PROOF_ISSUED_AT, () => validate(incoming(NOW + 1301), skewed))
  })

  it('does not follow clockTolerance: five minutes are tolerance enough', async () => {
    const tolerant = { [clockTolerance]: 1000 }
    await refuses(rules.PROOF_ISSUED_AT, () => withProof({ iat: NOW - 301 }, {}, tolerant))
    expect(await withProof({ iat: NOW - 300 }, {}, { [clockTolerance]: 0 })).toMatchObject({ sub: 'anna' })
  })

  it.each(everyTypeBut('missing', 'zero', 'a number'))('is refused when it is %s', async (_, iat) => {
    await refuses(claimRules.JWT_ISSUED_AT, () => withProof({ iat }), rules.PROOF_ISSUED_AT)
  })

  it('is refused as a text that becomes the time by conversion', async () => {
    await refuses(claimRules.JWT_ISSUED_AT, () => withProof({ iat: String(NOW) }))
  })

  it('ends where the proof says so', async () => {
    expect(await withProof({ exp: NOW - 29, nbf: NOW + 30 })).toMatchObject({ sub: 'anna' })
    await refuses(claimRules.JWT_NOT_EXPIRED, () => withProof({ exp: NOW - 30 }))
    await refuses(claimRules.JWT_ALREADY_VALID, () => withProof({ nbf: NOW + 31 }))
    const strict = { [clockTolerance]: 0 }
    await refuses(claimRules.JWT_NOT_EXPIRED, () => withProof({ exp: NOW }, {}, strict))
    await refuses(claimRules.JWT_ALREADY_VALID, () => withProof({ nbf: NOW + 1 }, {}, strict))
  })
})

it('tells the trace every check (RFC 9449 4.3)', async () => {
  const events: CheckEvent[] = []
  await withProof({}, {}, { [trace]: (event) => void events.push(event) })
  expect(events.filter(({ passed }) => !passed)).toEqual([])
  const seen = new Set(events.map(({ rule }) => rule))
  expect(Object.values(rules).filter(({ id }) => !seen.has(id))).toEqual([])
})
