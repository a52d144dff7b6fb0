import { describe, expect, it } from 'vitest'
import { None } from '../client-authentication/none.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { VERSION } from '../http/headers.ts'
import { as, client, json } from '../testing/answers.ts'
import { recorder } from '../testing/recorder.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { processesTokenResponses } from '../testing/token-grant.ts'
import { deviceCodeGrantRequest, processDeviceCodeResponse } from './device-code.ts'

const GRANT = 'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code'

describe('deviceCodeGrantRequest', () => {
  it('sends the form of the grant, and nothing else (RFC 8628 3.4)', async () => {
    const { options, requests } = recorder()
    await deviceCodeGrantRequest(as, client, None(), 'GmRh', options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token',
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: `device_code=GmRh&${GRANT}&client_id=shop`,
        redirect: 'manual',
      },
    ])
  })

  it('sends additional parameters, which replace none of the grant', async () => {
    const { options, requests } = recorder()
    const additionalParameters = { resource: 'a', device_code: 'another', grant_type: 'password' }
    await deviceCodeGrantRequest(as, client, None(), 'GmRh', { ...options, additionalParameters })
    expect(requests).toMatchObject([{ body: `resource=a&device_code=GmRh&${GRANT}&client_id=shop` }])
  })
})

describe('processDeviceCodeResponse', () => {
  processesTokenResponses(processDeviceCodeResponse)

  it.each(['authorization_pending', 'slow_down', 'access_denied', 'expired_token'])(
    'tells the error %s (RFC 8628 3.5)',
    async (code) => {
      const error = await rejectionOf(() => processDeviceCodeResponse(as, client, json({ error: code }, 400)))
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: code })
    },
  )
})
