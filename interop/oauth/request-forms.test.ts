import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AUTHORIZATION_RESPONSE_ERROR,
  AuthorizationResponseError,
  issueRequestObject,
  modifyAssertion,
  type ModifyAssertionOptions,
  processPushedAuthorizationResponse,
  pushedAuthorizationRequest,
  validateAuthResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { expectErrorAnswer } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack } from './browser.ts'
import { authorizationUrl, begin, type Begun, exchange } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('authorization requests that are pushed or signed', () => {
  let provider: RunningProvider
  let key: ClientKey
  let pushing: Relationship
  let signing: Relationship

  beforeAll(async () => {
    key = await generateClientKey('ES256')
    provider = await startInteractiveProvider({
      clients: [
        { ...registrationOf('pushing'), require_pushed_authorization_requests: true },
        {
          ...registrationOf('signing'),
          jwks: { keys: [key.publicJwk] },
          request_object_signing_alg: 'ES256',
          require_signed_request_object: true,
        },
      ],
      features: { pushedAuthorizationRequests: { enabled: true }, requestObjects: { enabled: true } },
    })
    pushing = await relationshipOf('pushing', provider.issuer)
    signing = await relationshipOf('signing', provider.issuer)
  })

  afterAll(() => provider.close())

  async function push({ as, client, authentication }: Relationship, parameters: Record<string, string>) {
    const response = await pushedAuthorizationRequest(as, client, authentication, parameters, insecure)
    return await processPushedAuthorizationResponse(as, client, response)
  }

  async function sign({ as, client }: Relationship, begun: Begun, options?: ModifyAssertionOptions): Promise<string> {
    return await issueRequestObject(as, client, begun.parameters, key.privateKey, options)
  }

  async function finish(relationship: Relationship, begun: Begun, parameters: Record<string, string>) {
    const { client_id } = relationship.client
    const callback = await comeBack(authorizationUrl(relationship.as, { client_id, ...parameters }))
    const answer = validateAuthResponse(relationship.as, relationship.client, callback, begun.state)
    return await exchange(relationship, begun, answer)
  }

  it('signs in with a pushed request (RFC 9126 2.1, 4)', async () => {
    const begun = await begin(pushing)
    const { request_uri, expires_in } = await push(pushing, begun.parameters)
    expect(expires_in).toBeGreaterThan(0)
    expect((await finish(pushing, begun, { request_uri })).claims.nonce).toBe(begun.nonce)
  })

  it('signs in with a request object in the URL (RFC 9101 5.1)', async () => {
    const begun = await begin(signing, { max_age: '300' })
    const request = await sign(signing, begun)
    expect((await finish(signing, begun, { request })).claims).toMatchObject({
      nonce: begun.nonce,
      auth_time: expect.any(Number),
    })
  })

  it('signs in with a pushed request object (RFC 9126 3)', async () => {
    const begun = await begin(signing)
    const { request_uri } = await push(signing, { request: await sign(signing, begun) })
    expect((await finish(signing, begun, { request_uri })).claims.nonce).toBe(begun.nonce)
  })

  it('is refused with what is wrong when pushed (RFC 9126 2.3)', async () => {
    const { parameters } = await begin(pushing)
    const pushed = push(pushing, { ...parameters, redirect_uri: 'https://other.example/' })
    await expectErrorAnswer(pushed, 'invalid_request')
    const expired: ModifyAssertionOptions = {
      [modifyAssertion](_header, payload) {
        payload.exp = Number(payload.iat) - 3600
      },
    }
    const request = await sign(signing, await begin(signing), expired)
    await expectErrorAnswer(push(signing, { request }), 'invalid_request_object')
  })

  it('is refused in the browser where the client is to push or to sign (RFC 9126 5, RFC 9101 10.5)', async () => {
    for (const relationship of [pushing, signing]) {
      const begun = await begin(relationship)
      const attempt = finish(relationship, begun, begun.parameters)
      await expect(attempt).rejects.toBeInstanceOf(AuthorizationResponseError)
      await expect(attempt).rejects.toMatchObject({ code: AUTHORIZATION_RESPONSE_ERROR, error: 'invalid_request' })
    }
  })
})
