import { describe, expect, it } from 'vitest'
import { AUTH_REQ_ID, callback, ping, push, pushedError, validatePing } from '../testing/callbacks.ts'
import { refuses } from '../testing/refuses.ts'
import { PING_MODE } from './ping.ts'

describe('a ping (CIBA Core 10.2)', () => {
  it('gives auth_req_id and nothing else', async () => {
    expect(await validatePing(ping({ iat: 1, refresh_token: 'x', error_description: 'x' }))).toEqual({
      auth_req_id: AUTH_REQ_ID,
    })
  })

  it('is the one of the specification (10.2)', async () => {
    const body = '{\n  "auth_req_id": "1c266114-a1be-4252-8ad1-04986c5b9ac1"\n}'
    const authorization = 'Bearer 8d67dc78-7faa-4d41-aabd-67707b374255'
    expect(await validatePing(callback(body, { authorization }))).toEqual({ auth_req_id: AUTH_REQ_ID })
  })

  it('is no push: a client has one delivery mode (10)', async () => {
    const error = await refuses(PING_MODE, () => validatePing(push()))
    expect(error).toMatchObject({ code: 'OAUTH_INVALID_REQUEST', actual: ['access_token', 'id_token'] })
    expect(await refuses(PING_MODE, () => validatePing(pushedError()))).toMatchObject({ actual: ['error'] })
  })

  it.each(['access_token', 'id_token', 'error'])('has no %s, whatever it is (10)', async (member) => {
    for (const value of ['x', '', null, false, {}]) {
      await refuses(PING_MODE, () => validatePing(ping({ [member]: value })))
    }
  })
})
