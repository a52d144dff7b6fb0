import { describe, expect, it, vi } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import type { JsonValue } from '../values/json.ts'
import { ID_TOKEN_AUDIENCE } from './id-token.rules.ts'
import type { TokenEndpointResponse } from './token-endpoint-response.ts'
import type { ProcessTokenResponseOptions, RecognizedTokenTypes } from './token-response.ts'
import * as rules from './token-response.rules.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

function process(token_type: JsonValue | undefined, options?: ProcessTokenResponseOptions) {
  return processBackchannelAuthenticationGrantResponse(as, client, json(tokenBody({ token_type })), options)
}

describe('token response, token_type', () => {
  it.each([
    ['bearer', 'bearer'],
    ['Bearer', 'bearer'],
    ['BEARER', 'bearer'],
    ['DPoP', 'dpop'],
    ['dpop', 'dpop'],
  ])('%s is known, and given as %s (RFC 6749 5.1: case-insensitive)', async (sent, given) => {
    expect(await process(sent)).toMatchObject({ token_type: given })
  })

  it.each(everyTypeBut('a text'))('is refused when it is no text: %s (RFC 6749 5.1)', async (_, token_type) => {
    // an empty string is no known type either
    await refuses(rules.TOKEN_TYPE, () => process(token_type), rules.TOKEN_TYPE_RECOGNIZED)
  })

  it.each(['mac', 'N_A', ' bearer', 'bearer ', 'bearer,dpop', 'pop', 'bеarer', 'https://example.com/type'])(
    'is refused when it is %j (RFC 6749 7.1)',
    async (token_type) => {
      const error = await refuses(rules.TOKEN_TYPE_RECOGNIZED, () => process(token_type))
      expect(error).toMatchObject({ expected: ['bearer', 'dpop'], actual: token_type.toLowerCase() })
    },
  )

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'is refused when it is %s, which every object inherits (RFC 6749 7.1)',
    async (token_type) => {
      await refuses(rules.TOKEN_TYPE_RECOGNIZED, () => process(token_type))
      await refuses(rules.TOKEN_TYPE_RECOGNIZED, () => process(token_type, { recognizedTokenTypes: {} }))
      await refuses(rules.TOKEN_TYPE_RECOGNIZED, () => process(token_type, { recognizedTokenTypes: { mac() {} } }))
    },
  )
})

describe('recognizedTokenTypes', () => {
  it.each([[null], [undefined]])('is known without functions, where %s stands in their place', async (nothing) => {
    // what callers without types do
    const options: object = { recognizedTokenTypes: nothing }
    expect(await process('Bearer', options)).toMatchObject({ token_type: 'bearer' })
  })

  it('has its function called with the answer and the very object that is given', async () => {
    const mac = vi.fn()
    const answer = json(tokenBody({ token_type: 'MAC', expires_in: '300' }))
    const options = { recognizedTokenTypes: { mac } }
    const tokens = await processBackchannelAuthenticationGrantResponse(as, client, answer, options)
    expect(mac.mock.calls).toEqual([[answer, tokens]])
    expect(mac.mock.calls[0]?.[0]).toBe(answer)
    expect(mac.mock.calls[0]?.[1]).toBe(tokens)
    expect(tokens).toMatchObject({ token_type: 'mac', expires_in: 300 })
  })

  it('has its function called when the claims of the ID Token can be had', async () => {
    const mac = vi.fn((_: Response, body: TokenEndpointResponse) => {
      expect(getValidatedIdTokenClaims(body)).toMatchObject({ sub: 'anna' })
    })
    await process('mac', { recognizedTokenTypes: { mac } })
    expect(mac).toHaveBeenCalledOnce()
  })

  it.each(['bearer', 'DPoP'])('has the function for %s called as well', async (type) => {
    const seen = vi.fn()
    await process(type, { recognizedTokenTypes: { bearer: seen, dpop: seen, mac: vi.fn() } })
    expect(seen).toHaveBeenCalledOnce()
  })

  it('passes on what its function throws', async () => {
    const failure = new RangeError('no mac_key')
    const mac = () => {
      throw failure
    }
    expect(await rejectionOf(() => process('mac', { recognizedTokenTypes: { mac } }))).toBe(failure)
  })

  it.each([
    ['for another type', { mac() {} }, 'pop'],
    ['by a name in upper case', { MAC() {} }, 'MAC'],
    ['that is undefined', { mac: undefined }, 'mac'],
    ['that is inherited', Object.create({ mac() {} }), 'mac'],
  ])('does not recognize a type by a function %s', async (_, recognizedTokenTypes: unknown, type) => {
    // a caller without types can write what the type forbids
    const options = { recognizedTokenTypes: recognizedTokenTypes as RecognizedTokenTypes }
    const error = await refuses(rules.TOKEN_TYPE_RECOGNIZED, () => process(type, options))
    expect(error).toMatchObject({ actual: type.toLowerCase() })
  })

  it('is asked after everything else was found valid', async () => {
    const mac = vi.fn()
    const body = tokenBody({ token_type: 'mac', id_token: unsignedJwt(idTokenClaims({ aud: 'bank' })) })
    const options = { recognizedTokenTypes: { mac } }
    const error = await rejectionOf(() =>
      processBackchannelAuthenticationGrantResponse(as, client, json(body), options),
    )
    expect(error).toMatchObject({ rule: ID_TOKEN_AUDIENCE.id })
    expect(mac).not.toHaveBeenCalled()
  })
})
