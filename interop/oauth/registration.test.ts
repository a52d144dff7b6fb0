import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  allowInsecureRequests,
  type Client,
  ClientSecretPost,
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
} from 'countersign'
import { expectChallenge, expectErrorAnswer } from '../ciba/refusal.ts'
import { discover, insecure } from '../ciba/relationship.ts'
import { signIn } from './code-flow.ts'
import { REDIRECT_URI, type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const INITIAL_ACCESS_TOKEN = 'initial-access-token-of-the-tests'

describe('dynamic client registration (RFC 7591, OIDC Registration)', () => {
  let provider: RunningProvider

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      features: { registration: { enabled: true, initialAccessToken: INITIAL_ACCESS_TOKEN } },
    })
  })

  afterAll(() => provider.close())

  async function register(metadata: Partial<Client>, initialAccessToken = INITIAL_ACCESS_TOKEN) {
    const as = await discover(provider.issuer)
    const options = { [allowInsecureRequests]: true, initialAccessToken }
    const response = await dynamicClientRegistrationRequest(as, metadata, options)
    return { as, client: await processDynamicClientRegistrationResponse(response) }
  }

  it('gives a client that signs in as it is (RFC 7591 3.2.1)', async () => {
    const { as, client } = await register({
      client_name: 'Shop of the tests',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'client_secret_post',
    })
    expect(client).toMatchObject({
      client_id: expect.any(String),
      client_name: 'Shop of the tests',
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      id_token_signed_response_alg: 'ES256',
    })
    const authentication = ClientSecretPost(String(client.client_secret))
    const { claims } = await signIn({ as, client, authentication, transport: insecure })
    expect(claims).toMatchObject({ iss: provider.issuer, aud: client.client_id })
  })

  it('gives no secret to a public client (RFC 7591 3.2.1)', async () => {
    const { client } = await register({ redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' })
    expect(client).not.toHaveProperty('client_secret')
    expect(client.client_id).not.toBe('')
  })

  it('is refused with what is wrong in the metadata (RFC 7591 3.2.2)', async () => {
    await expectErrorAnswer(register({ redirect_uris: ['no URL'] }), 'invalid_redirect_uri')
    const unknownMethod = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'unknown' }
    await expectErrorAnswer(register(unknownMethod), 'invalid_client_metadata')
  })

  it('is refused without the right initial access token (RFC 7591 3, RFC 6750 3.1)', async () => {
    await expectChallenge(register({ redirect_uris: [REDIRECT_URI] }, 'wrong'), 'bearer', 'invalid_token')
  })
})
