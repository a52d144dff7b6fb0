import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockSkew, clockTolerance } from '../metadata/clock.ts'
import { as, client } from '../testing/answers.ts'
import { makesRandomText } from '../testing/random-text.ts'
import { assertionClaims, setAssertion } from './assertion.ts'

const NOW = 1_800_000_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the claims of a client assertion (RFC 7523 3, OIDC Core 9)', () => {
  it('are these and no others: the client about itself, to the issuer, now and for 60 seconds', () => {
    const { jti, ...claims } = assertionClaims(as, client)
    expect(claims).toEqual({
      iss: 'shop',
      sub: 'shop',
      aud: 'https://op.example.com',
      iat: NOW,
      nbf: NOW,
      exp: NOW + 60,
    })
    expect(jti).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('have a jti that comes never again (RFC 7523 3 item 7)', () => {
    makesRandomText(() => String(assertionClaims(as, client).jti))
  })

  it('have the issuer as aud, as it is written in the metadata, whatever the endpoint (CIBA Core 7.1)', () => {
    const issuer = 'https://OP.example.com/tenant/?a=b'
    const server = { ...as, issuer, mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example.com/token' } }
    expect(assertionClaims(server, { ...client, use_mtls_endpoint_aliases: true }).aud).toBe(issuer)
  })

  it.each([
    [120, NOW + 120],
    [-120, NOW - 120],
    [0, NOW],
    [Number.NaN, NOW],
    [Infinity, NOW],
  ])('have times that follow a clockSkew of %d', (skew, issuedAt) => {
    const party = { ...client, [clockSkew]: skew, [clockTolerance]: 1000 }
    expect(assertionClaims(as, party)).toMatchObject({ iat: issuedAt, nbf: issuedAt, exp: issuedAt + 60 })
  })
})

it('an assertion takes the place of another in the body (RFC 7523 2.2)', () => {
  const body = new URLSearchParams('client_assertion=a&client_id=b&client_assertion_type=c&client_assertion=d&e=f')
  setAssertion(client, body, 'header.claims.signature')
  expect(body.toString()).toBe(
    'client_assertion=header.claims.signature&client_id=shop' +
      '&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&e=f',
  )
})
