import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { rejectionOf } from '../testing/refuses.ts'
import type { TokenEndpointResponse } from './token-endpoint-response.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

function process(changes?: Parameters<typeof tokenBody>[0]) {
  return processBackchannelAuthenticationGrantResponse(as, client, json(tokenBody(changes)))
}

async function isRefused(act: () => unknown) {
  const error = await rejectionOf(act)
  expect(error).toBeInstanceOf(TypeError)
  expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' })
}

describe('getValidatedIdTokenClaims', () => {
  it('gives the same claims each time', async () => {
    const claims = idTokenClaims()
    const tokens = await process({ id_token: unsignedJwt(claims) })
    expect(getValidatedIdTokenClaims(tokens)).toEqual(claims)
    expect(getValidatedIdTokenClaims(tokens)).toBe(getValidatedIdTokenClaims(tokens))
  })

  it('gives undefined for a response without ID Token', async () => {
    expect(getValidatedIdTokenClaims(await process({ id_token: undefined }))).toBeUndefined()
  })

  it('gives the claims that were validated, whatever becomes of the response', async () => {
    const tokens = await process()
    Object.assign(tokens, { id_token: unsignedJwt(idTokenClaims({ sub: 'eve' })) })
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'anna' })
  })

  it('refuses a copy of a response, as a mistake of the caller', async () => {
    const tokens = await process()
    await isRefused(() => getValidatedIdTokenClaims({ ...tokens }))
    await isRefused(() => getValidatedIdTokenClaims(structuredClone(tokens)))
    // what JSON.parse gives back here is what JSON.stringify got
    await isRefused(() => getValidatedIdTokenClaims(JSON.parse(JSON.stringify(tokens)) as TokenEndpointResponse))
  })

  it('refuses a response that no process function gave, as a mistake of the caller', async () => {
    const id_token = unsignedJwt(idTokenClaims())
    await isRefused(() => getValidatedIdTokenClaims({ access_token: 'access', token_type: 'bearer', id_token }))
  })
})
