import { describe, expect, it } from 'vitest'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { DPoP } from '../dpop/dpop.ts'
import { VERSION } from '../http/headers.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { as, client } from '../testing/answers.ts'
import { recorder } from '../testing/recorder.ts'
import { takeApart } from '../testing/signed.ts'
import { processesTokenResponses } from '../testing/token-grant.ts'
import { clientCredentialsGrantRequest, processClientCredentialsResponse } from './client-credentials.ts'

describe('clientCredentialsGrantRequest', () => {
  it('sends the parameters and the grant type, and nothing else (RFC 6749 4.4.2)', async () => {
    const { options, requests } = recorder()
    await clientCredentialsGrantRequest(as, client, ClientSecretBasic('secret'), { scope: 'read write' }, options)
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
        body: 'scope=read+write&grant_type=client_credentials',
        redirect: 'manual',
      },
    ])
  })

  it.each([
    ['an object', { resource: 'a' }, 'resource=a&'],
    [
      'pairs',
      [
        ['resource', 'a'],
        ['resource', 'b'],
      ],
      'resource=a&resource=b&',
    ],
    ['URLSearchParams', new URLSearchParams('resource=a&resource=b'), 'resource=a&resource=b&'],
    ['nothing', new URLSearchParams(), ''],
  ])('takes parameters as %s', async (_, parameters, sent) => {
    const { options, requests } = recorder()
    await clientCredentialsGrantRequest(as, client, ClientSecretPost('s'), parameters, options)
    expect(requests).toMatchObject([{ body: `${sent}grant_type=client_credentials&client_id=shop&client_secret=s` }])
  })

  it('does not let parameters replace the grant type, and leaves them as they are', async () => {
    const { options, requests } = recorder()
    const parameters = new URLSearchParams('grant_type=password&scope=read&grant_type=x')
    await clientCredentialsGrantRequest(as, client, ClientSecretBasic('s'), parameters, options)
    expect(requests).toMatchObject([{ body: 'grant_type=client_credentials&scope=read' }])
    expect(parameters.toString()).toBe('grant_type=password&scope=read&grant_type=x')
  })

  it('takes no additionalParameters beside the parameters', async () => {
    const { options, requests } = recorder()
    const both = { ...options, additionalParameters: { scope: 'admin' } }
    await clientCredentialsGrantRequest(as, client, ClientSecretBasic('s'), { scope: 'read' }, both)
    expect(requests).toMatchObject([{ body: 'scope=read&grant_type=client_credentials' }])
  })

  it('proves the key of a DPoP handle (RFC 9449 5)', async () => {
    const { options, requests } = recorder()
    const handle = DPoP(client, await generateKeyPair('ES256'))
    await clientCredentialsGrantRequest(as, client, ClientSecretBasic('s'), {}, { ...options, DPoP: handle })
    const { claims } = takeApart(requests[0]?.headers.dpop ?? '')
    expect(claims).toMatchObject({ htm: 'POST', htu: as.token_endpoint })
    expect(claims).not.toHaveProperty('ath')
  })
})

describe('processClientCredentialsResponse', () => {
  processesTokenResponses(processClientCredentialsResponse)
})
