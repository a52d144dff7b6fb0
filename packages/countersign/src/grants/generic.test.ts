import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { VERSION } from '../http/headers.ts'
import { as, client, json, tokenBody } from '../testing/answers.ts'
import { recorder } from '../testing/recorder.ts'
import { processesTokenResponses } from '../testing/token-grant.ts'
import { genericTokenEndpointRequest, processGenericTokenEndpointResponse } from './generic.ts'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

describe('genericTokenEndpointRequest', () => {
  it('sends the grant type and its parameters, and nothing else (RFC 8693 2.1)', async () => {
    const { options, requests } = recorder()
    const parameters = { subject_token: 'access', subject_token_type: ACCESS_TOKEN }
    await genericTokenEndpointRequest(as, client, ClientSecretBasic('secret'), EXCHANGE, parameters, options)
    expect(requests).toEqual([
      {
        url: 'https://op.example.com/token',
        method: 'POST',
        headers: {
          accept: 'application/json',
          authorization: 'Basic c2hvcDpzZWNyZXQ=',
          'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
          'user-agent': `countersign/${VERSION}`,
        },
        body: new URLSearchParams({ ...parameters, grant_type: EXCHANGE }).toString(),
        redirect: 'manual',
      },
    ])
  })

  it.each([
    ['an object', { audience: 'a' }, 'audience=a&'],
    [
      'pairs',
      [
        ['audience', 'a'],
        ['audience', 'b'],
      ],
      'audience=a&audience=b&',
    ],
    ['URLSearchParams', new URLSearchParams('audience=a&audience=b'), 'audience=a&audience=b&'],
  ])('takes parameters as %s', async (_, parameters, sent) => {
    const { options, requests } = recorder()
    await genericTokenEndpointRequest(as, client, ClientSecretBasic('s'), 'urn:x', parameters, options)
    expect(requests).toMatchObject([{ body: `${sent}grant_type=urn%3Ax` }])
  })

  it('does not let parameters replace the grant type, and leaves them as they are', async () => {
    const { options, requests } = recorder()
    const parameters = new URLSearchParams('grant_type=password&assertion=a')
    await genericTokenEndpointRequest(as, client, ClientSecretBasic('s'), 'urn:x', parameters, options)
    expect(requests).toMatchObject([{ body: 'grant_type=urn%3Ax&assertion=a' }])
    expect(parameters.toString()).toBe('grant_type=password&assertion=a')
  })

  it('takes a type that has a function of its own', async () => {
    const { options, requests } = recorder()
    const parameters = { refresh_token: 'r' }
    await genericTokenEndpointRequest(as, client, ClientSecretBasic('s'), 'refresh_token', parameters, options)
    expect(requests).toMatchObject([{ body: 'refresh_token=r&grant_type=refresh_token' }])
  })
})

describe('processGenericTokenEndpointResponse', () => {
  processesTokenResponses(processGenericTokenEndpointResponse)

  it('takes the type N_A of a token exchange where the caller does (RFC 8693 2.2.1)', async () => {
    const body = tokenBody({ token_type: 'N_A', issued_token_type: 'urn:ietf:params:oauth:token-type:saml2' })
    const recognizedTokenTypes = { n_a: () => undefined }
    const tokens = await processGenericTokenEndpointResponse(as, client, json(body), { recognizedTokenTypes })
    expect(tokens).toMatchObject({ token_type: 'n_a', issued_token_type: body.issued_token_type })
  })
})
