import { describe, expect, it } from 'vitest'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import * as resource from '../testing/resource-server.ts'
import { signingKey } from '../testing/signed.ts'
import * as rules from './access-token.rules.ts'
import * as proofRules from './dpop-proof.rules.ts'

const { accessToken, boundToken, clientKey, proof, request, thumbprintOf, validate } = resource

const jkt = thumbprintOf(clientKey.jwk)

/** Validates a request with a token and a proof for it. */
function withProof(token: string, scheme = 'DPoP', options?: Parameters<typeof validate>[1]) {
  return validate(request(`${scheme} ${token}`, proof(token)), options)
}

describe('a token that is bound to a DPoP key', () => {
  it.each(['DPoP', 'dpop', 'DPOP'])('is taken with a proof and the scheme %s (RFC 9449 7.1)', async (scheme) => {
    expect(await withProof(boundToken(), scheme)).toMatchObject({ sub: 'anna', cnf: { jkt } })
  })

  it('is refused without a proof, with the scheme DPoP (RFC 9449 7.1)', async () => {
    const incoming = request(`DPoP ${boundToken()}`)
    const error = await refuses(proofRules.PROOF_PRESENT, () => validate(incoming))
    expect(error.cause).toMatchObject({ header: 'dpop' })
    expect(Object(error.cause).headers).toBe(incoming.headers)
  })

  it('is refused without a proof, as a bearer token (RFC 9449 7.2)', async () => {
    await refuses(proofRules.PROOF_PRESENT, () => validate(request(`Bearer ${boundToken()}`)), proofRules.PROOF_SCHEME)
  })

  it('is refused with a proof, as a bearer token (RFC 9449 7.2)', async () => {
    const error = await refuses(proofRules.PROOF_SCHEME, () => withProof(boundToken(), 'Bearer'))
    expect(error).toMatchObject({ expected: 'dpop', actual: 'bearer' })
  })

  it('is refused with somebody else’s proof (RFC 9449 4.3 item 12)', async () => {
    const token = boundToken()
    const mallory = signingKey('ES256')
    const incoming = request(`DPoP ${token}`, proof(token, {}, {}, mallory))
    const error = await refuses(proofRules.PROOF_KEY_BOUND, () => validate(incoming))
    expect(error).toMatchObject({ expected: jkt })
    const theirs = thumbprintOf(mallory.jwk)
    expect(Object(error.cause)).toMatchObject({ claim: 'cnf.jkt', expected: theirs, claims: { cnf: { jkt } } })
  })

  it('is refused with a proof for another token of the same key (RFC 9449 4.3 item 12)', async () => {
    const other = boundToken({ jti: 'token-2' })
    await refuses(proofRules.PROOF_TOKEN_HASH, () => validate(request(`DPoP ${boundToken()}`, proof(other))))
  })
})

describe('a token that is bound to nothing', () => {
  it('is refused with the scheme DPoP and a proof (RFC 9449 7.1)', async () => {
    await refuses(rules.ACCESS_TOKEN_BOUND, () => withProof(accessToken()), proofRules.PROOF_BINDING)
  })

  it('is refused with the scheme DPoP and no proof (RFC 9449 7.1)', async () => {
    const incoming = request(`DPoP ${accessToken()}`)
    await refuses(rules.ACCESS_TOKEN_BOUND, () => validate(incoming), proofRules.PROOF_PRESENT)
  })

  it('is refused with the scheme Bearer and a proof, also an empty one (RFC 9449 7.1)', async () => {
    const token = accessToken()
    for (const dpop of [proof(token), '', 'x']) {
      const incoming = request(`Bearer ${token}`, dpop)
      await refuses(rules.ACCESS_TOKEN_BOUND, () => validate(incoming), proofRules.PROOF_SCHEME)
    }
  })

  it('is refused where DPoP is required (RFC 9449 7.2)', async () => {
    const options = { requireDPoP: true }
    const incoming = request(`Bearer ${accessToken()}`)
    await refuses(rules.ACCESS_TOKEN_BOUND, () => validate(incoming, options), proofRules.PROOF_PRESENT)
    expect(await withProof(boundToken(), 'DPoP', options)).toMatchObject({ sub: 'anna' })
    expect(await validate(incoming, { requireDPoP: false })).toMatchObject({ sub: 'anna' })
  })

  it('says so before the server is asked for its keys', async () => {
    const error = await rejectionOf(() => validate(request(`DPoP ${accessToken()}`), {}, []))
    expect(error).toMatchObject({ rule: rules.ACCESS_TOKEN_BOUND.id })
  })
})

describe('cnf (RFC 7800 3.1)', () => {
  it('is refused when it is no object', async () => {
    for (const [, cnf] of everyTypeBut('missing', 'an object', 'an empty object', 'a text', 'an array')) {
      const error = await refuses(rules.CONFIRMATION, () => validate(request(`Bearer ${accessToken({ cnf })}`)))
      expect(error.cause).toMatchObject({ claim: 'cnf' })
    }
    // those have members to be found
    for (const cnf of ['x', ['x']]) {
      const incoming = request(`Bearer ${accessToken({ cnf })}`)
      await refuses(rules.CONFIRMATION, () => validate(incoming), rules.CONFIRMATION_METHOD)
    }
  })

  it('is refused with several members', async () => {
    for (const cnf of [
      { jkt, 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' },
      { jkt, kid: 'key-1' },
      { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2', kid: 'key-1' },
    ]) {
      const token = accessToken({ cnf })
      await refuses(rules.CONFIRMATION_SINGLE, () => withProof(token), rules.CONFIRMATION_METHOD)
    }
  })

  it.each<[string, Parameters<typeof accessToken>[0]]>([
    ['x5t#S256', { cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }],
    ['x5t#S256 without a value', { cnf: { 'x5t#S256': null } }],
    ['jwk', { cnf: { jwk: { kty: 'EC' } } }],
    ['jwe', { cnf: { jwe: 'x' } }],
    ['kid', { cnf: { kid: 'key-1' } }],
    ['JKT', { cnf: { JKT: 'x' } }],
    ['a member without a name', { cnf: { '': 'x' } }],
  ])('is refused with %s: nobody checks it here (RFC 8705 3)', async (_, changes) => {
    const error = await refuses(rules.CONFIRMATION_METHOD, () => validate(request(`Bearer ${accessToken(changes)}`)))
    expect(error.cause).toMatchObject({ claim: 'cnf' })
  })

  it('is refused with a member __proto__', async () => {
    // in a literal it would not be a member
    const cnf = JSON.parse(`{"__proto__":{"jkt":"${jkt}"}}`)
    await refuses(rules.CONFIRMATION_METHOD, () => validate(request(`Bearer ${accessToken({ cnf })}`)))
  })

  it('binds to nothing when it is empty', async () => {
    const token = accessToken({ cnf: {} })
    expect(await validate(request(`Bearer ${token}`))).toMatchObject({ cnf: {} })
    await refuses(proofRules.PROOF_BINDING, () => withProof(token), proofRules.PROOF_KEY_BOUND)
    const unproven = () => validate(request(`Bearer ${token}`), { requireDPoP: true })
    await refuses(proofRules.PROOF_PRESENT, unproven, proofRules.PROOF_SCHEME)
    await refuses(proofRules.PROOF_SCHEME, () => withProof(token, 'Bearer'), proofRules.PROOF_BINDING)
  })

  it('has a text for jkt (RFC 9449 6.1)', async () => {
    for (const value of [...everyTypeBut('missing', 'a text', 'an empty string').map(([, other]) => other), [jkt]]) {
      const token = accessToken({ cnf: { jkt: value } })
      await refuses(proofRules.PROOF_BINDING, () => withProof(token), proofRules.PROOF_KEY_BOUND)
      // whatever jkt is, the token is bound
      await refuses(proofRules.PROOF_PRESENT, () => validate(request(`Bearer ${token}`)), proofRules.PROOF_SCHEME)
    }
  })

  it.each(['', jkt.slice(1), `${jkt}=`, jkt.toLowerCase(), ` ${jkt}`])('has %j for jkt in vain', async (value) => {
    const token = accessToken({ cnf: { jkt: value } })
    await refuses(proofRules.PROOF_KEY_BOUND, () => withProof(token))
  })
})
