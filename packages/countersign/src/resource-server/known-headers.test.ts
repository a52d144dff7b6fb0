import { describe, expect, it } from 'vitest'
import { JWT_CLAIM_COMPARISON } from '../errors/codes.ts'
import { type Jwt, parseJwt, parsePart } from '../jose/jwt.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import { rule } from '../rules/rule.ts'
import { encodePart } from '../testing/answers.ts'
import { refuses } from '../testing/refuses.ts'
import { accessToken, boundToken, proof, request, validate } from '../testing/resource-server.ts'
import { withSignature } from '../testing/verify-under.ts'
import { knownHeaders, rememberHeader } from './known-headers.ts'

const ALGORITHM = rule('test.alg', 'RFC 7515', '4.1.1', JWT_CLAIM_COMPARISON)
const CLAIMS = { iss: 'joe' }

function parse(token: string, ...names: string[]): Jwt {
  const algorithms = { names: names.length === 0 ? ['RS256'] : names, particulars: {} }
  return parseJwt({ trace: undefined }, token, algorithms, ALGORITHM, undefined, knownHeaders)
}

describe('a header of a JWT whose signature was verified', () => {
  const header = { alg: 'RS256', kid: 'kept', deep: { list: [{ a: 1 }] } }
  const token = `${encodePart(header)}.${encodePart(CLAIMS)}.AAAA`

  it('is kept as one that nobody can change, made anew', async () => {
    const first = parse(token)
    Object.assign(first.header, { alg: 'none', injected: true })
    rememberHeader(first)
    const second = parse(token)
    expect(second.header).toEqual(header)
    expect(parse(token).header).toBe(second.header)
    const { deep } = second.header as unknown as typeof header
    expect([second.header, deep, deep.list, deep.list[0]].map(Object.isFrozen)).toEqual([true, true, true, true])
  })

  it('is kept for its exact spelling, and refused as before where its alg is not expected', async () => {
    rememberHeader(parse(token))
    const respelled = `${encodePart({ deep: header.deep, kid: 'kept', alg: 'RS256' })}.${encodePart(CLAIMS)}.AAAA`
    expect(Object.isFrozen(parse(respelled).header)).toBe(false)
    await refuses(ALGORITHM, () => parse(token, 'ES256'))
  })

  it.each([
    [2048, true],
    [2050, false],
  ])('of %d characters: that it is kept is %s', async (length, kept) => {
    const empty = JSON.stringify({ alg: 'RS256', kid: '' }).length
    const filling = 'k'.repeat(Math.floor((length * 3) / 4) - empty)
    const token = `${encodePart({ alg: 'RS256', kid: filling })}.${encodePart(CLAIMS)}.AAAA`
    expect(token.indexOf('.')).toBe(length)
    rememberHeader(parse(token))
    expect(Object.isFrozen(parse(token).header)).toBe(kept)
  })

  it('is not kept when it is longer than those of any key', async () => {
    const long = `${encodePart({ alg: 'RS256', filling: 'a'.repeat(2048) })}.${encodePart(CLAIMS)}.AAAA`
    rememberHeader(parse(long))
    expect(Object.isFrozen(parse(long).header)).toBe(false)
  })
})

describe('the memory of headers', () => {
  const encodedHeader = (jwt: string) => jwt.slice(0, jwt.indexOf('.'))
  const valid = accessToken({}, { more: 'of a token' })
  const bound = boundToken()
  const validProof = proof(bound, {}, { more: 'of a proof' })

  it.each([
    ['a token', valid, `Bearer ${valid}`, undefined],
    ['a proof', validProof, `DPoP ${bound}`, validProof],
  ])('has the one of %s whose signature was verified', async (_, jwt, authorization, dpop) => {
    expect(knownHeaders.get(encodedHeader(jwt))).toBeUndefined()
    await validate(request(authorization, dpop))
    expect(knownHeaders.get(encodedHeader(jwt))).toEqual(parsePart(encodedHeader(jwt)))
  })

  const forged = withSignature(accessToken({}, { more: 'of a forged token' }), 'A'.repeat(86))
  const forgedProof = withSignature(proof(bound, {}, { more: 'of a forged proof' }), 'A'.repeat(86))

  it.each([
    ['a token', forged, `Bearer ${forged}`, undefined],
    ['a proof', forgedProof, `DPoP ${bound}`, forgedProof],
  ])('has not the one of %s that somebody else has signed', async (_, jwt, authorization, dpop) => {
    await expect(validate(request(authorization, dpop))).rejects.toHaveProperty('rule', SIGNATURE_VALID.id)
    expect(knownHeaders.get(encodedHeader(jwt))).toBeUndefined()
  })
})
