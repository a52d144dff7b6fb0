import { describe, expect, it, vi } from 'vitest'
import { as, idTokenClaims, unsignedJwt } from '../testing/answers.ts'
import { takeApart } from '../testing/signed.ts'
import { _expectedIssuer, issuerOf } from './issuer.ts'

const token = unsignedJwt(idTokenClaims({ tid: 'contoso' }))
const jwt = takeApart(token)

describe('the issuer that a JWT must name', () => {
  it('is the one of the metadata', () => {
    expect(issuerOf(as, jwt)).toBe('https://op.example.com')
  })

  it('is what _expectedIssuer says of the header, the claims and the JWT', () => {
    const expectedIssuer = vi.fn(() => 'https://op.example.com/contoso')
    expect(issuerOf({ ...as, [_expectedIssuer]: expectedIssuer }, jwt)).toBe('https://op.example.com/contoso')
    expect(expectedIssuer.mock.calls).toEqual([[{ header: jwt.header, claims: jwt.claims, jwt: token }]])
  })

  it('is the one of the metadata where _expectedIssuer says undefined', () => {
    expect(issuerOf({ ...as, [_expectedIssuer]: () => undefined }, jwt)).toBe('https://op.example.com')
  })

  it('calls _expectedIssuer as a method of the metadata', () => {
    const server = {
      ...as,
      [_expectedIssuer](this: unknown) {
        return this === server ? 'https://this.example' : undefined
      },
    }
    expect(issuerOf(server, jwt)).toBe('https://this.example')
  })

  it('passes on what _expectedIssuer throws', () => {
    const failure = new RangeError('no tenant')
    const server = {
      ...as,
      [_expectedIssuer]() {
        throw failure
      },
    }
    expect(() => issuerOf(server, jwt)).toThrow(failure)
  })
})
