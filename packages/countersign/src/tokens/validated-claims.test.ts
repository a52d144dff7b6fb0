import { describe, expect, it } from 'vitest'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { getValidatedIdTokenClaims } from './validated-claims.ts'

function process(changes?: Parameters<typeof tokenBody>[0]) {
  return processBackchannelAuthenticationGrantResponse(as, client, json(tokenBody(changes)))
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
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => getValidatedIdTokenClaims({ ...tokens }))
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => getValidatedIdTokenClaims(structuredClone(tokens)))
  })

  it('refuses a response that no process function gave, as a mistake of the caller', async () => {
    const id_token = unsignedJwt(idTokenClaims())
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () =>
      getValidatedIdTokenClaims({ access_token: 'access', token_type: 'bearer', id_token }),
    )
  })
})
