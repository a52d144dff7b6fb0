import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  backchannelAuthenticationRequest,
  type Client,
  type ClientAuth,
  ClientSecretBasic,
  customFetch,
  DPoP,
  generateKeyPair,
  initiateBackchannelAuthentication,
  type InitiateBackchannelAuthenticationOptions,
  type InitiatedBackchannelAuthentication,
  issueBackchannelAuthenticationRequestObject,
  type JsonValue,
  modifyAssertion,
  type ModifyAssertionFunction,
  PrivateKeyJwt,
  processBackchannelAuthenticationResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from './client-key.ts'
import { forFetch, type Outgoing } from './outgoing.ts'
import { expectErrorAnswer, expectRuleRefusal } from './refusal.ts'
import { discover, insecure, poll } from './relationship.ts'

const ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS256'] as const
type Alg = (typeof ALGORITHMS)[number]

const SECRET = 'a-secret-of-the-tests-of-32-bytes'
const PARAMETERS = { scope: 'openid profile', login_hint: 'anna', binding_message: 'W4-K7' }
const NOTIFICATION_ENDPOINT = 'https://127.0.0.1/ping'

type Options = Partial<InitiateBackchannelAuthenticationOptions>

describe('a checked and signed authentication request at a real provider (CIBA Core 7.1, 7.1.1)', () => {
  const keys = new Map<string, ClientKey>()
  const pings: { authorization: string | null; body: unknown }[] = []
  let provider: RunningProvider
  let as: AuthorizationServer

  beforeAll(async () => {
    for (const alg of ALGORITHMS) keys.set(alg, await generateClientKey(alg))
    const ping = {
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: NOTIFICATION_ENDPOINT,
    }
    provider = await startProvider({
      signingAlgorithms: ['ES256', 'PS256'],
      clients: [
        ...ALGORITHMS.map((alg) => ({
          client_id: alg,
          jwks: { keys: [keyOf(alg).publicJwk] },
          token_endpoint_auth_method: 'private_key_jwt' as const,
          backchannel_authentication_request_signing_alg: alg,
        })),
        {
          client_id: 'secret',
          client_secret: SECRET,
          jwks: { keys: [keyOf('ES256').publicJwk] },
          token_endpoint_auth_method: 'client_secret_basic',
          backchannel_authentication_request_signing_alg: 'ES256',
        },
        {
          client_id: 'pinged',
          client_secret: SECRET,
          jwks: { keys: [keyOf('ES256').publicJwk] },
          backchannel_authentication_request_signing_alg: 'ES256',
          ...ping,
        },
        { client_id: 'unsigned', client_secret: SECRET, backchannel_user_code_parameter: true },
        { client_id: 'unsigned-pinged', client_secret: SECRET, ...ping },
      ],
      async fetch(input, init) {
        const request = new Request(input, init)
        pings.push({ authorization: request.headers.get('authorization'), body: await request.json() })
        return new Response(null, { status: 204 })
      },
    })
    as = await discover(provider.issuer)
  })

  afterAll(() => provider.close())

  function keyOf(alg: string): ClientKey {
    const key = keys.get(alg)
    if (key === undefined) throw new Error(`no key was made for ${alg}`)
    return key
  }

  /** The key as the provider knows it; what is registered as EdDSA has no other name for its assertions. */
  function assertionOf(alg: Alg): ClientAuth {
    return PrivateKeyJwt(keyOf(alg).privateKey, {
      [modifyAssertion](header) {
        header.alg = alg
      },
    })
  }

  function clientOf(client_id: string, alg: string | undefined, mode = 'poll'): Client {
    return {
      client_id,
      id_token_signed_response_alg: 'ES256',
      backchannel_token_delivery_mode: mode,
      backchannel_user_code_parameter: true,
      ...(alg !== undefined && { backchannel_authentication_request_signing_alg: alg }),
    }
  }

  const es256 = () => clientOf('ES256', 'ES256')

  function initiate(
    options: Options = {},
    client = es256(),
    clientAuth: ClientAuth = assertionOf('ES256'),
  ): Promise<InitiatedBackchannelAuthentication> {
    const alg = client.backchannel_authentication_request_signing_alg
    const signingKey = alg === undefined ? {} : { signingKey: keyOf(alg).privateKey }
    return initiateBackchannelAuthentication(as, client, clientAuth, {
      parameters: PARAMETERS,
      ...signingKey,
      ...insecure,
      ...options,
    })
  }

  /** Approves, and polls once. */
  async function signIn({ transaction }: InitiatedBackchannelAuthentication, client: Client, clientAuth: ClientAuth) {
    await provider.phone.approve(transaction.auth_req_id)
    return await poll({ as, client, authentication: clientAuth, transport: insecure }, transaction.auth_req_id)
  }

  it.each(ALGORITHMS)('is accepted signed with %s, by a client with private_key_jwt', async (alg) => {
    const client = clientOf(alg, alg)
    const initiated = await initiate({}, client, assertionOf(alg))
    expect(await provider.phone.waitFor(initiated.transaction.auth_req_id)).toMatchObject({
      accountId: 'anna',
      clientId: alg,
      scope: 'openid profile',
      bindingMessage: 'W4-K7',
    })
    const { claims } = await signIn(initiated, client, assertionOf(alg))
    expect(claims).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: alg })
  })

  it('is accepted with nothing beside `request` from a client with client_secret_basic', async () => {
    const client = clientOf('secret', 'ES256')
    const bodies: string[] = []
    const watched = {
      [customFetch](url: string, init: Outgoing) {
        bodies.push(...(init.body?.keys() ?? []))
        return fetch(url, forFetch(init))
      },
    }
    const initiated = await initiate(watched, client, ClientSecretBasic(SECRET))
    expect(bodies).toEqual(['request'])
    expect((await signIn(initiated, client, ClientSecretBasic(SECRET))).claims.sub).toBe('anna')
  })

  it.each([30, '30'])('has its requested_expiry read, here as %j', async (requested_expiry) => {
    const { acknowledgement } = await initiate({ parameters: { ...PARAMETERS, requested_expiry } })
    expect(acknowledgement.expires_in).toBe(30)
  })

  it('asks for acr_values, of which the token names one (CIBA Core 7.1)', async () => {
    const parameters = { ...PARAMETERS, acr_values: ['urn:bank:strong', 'urn:bank:weak'] }
    const initiated = await initiate({ parameters, requireAcr: true })
    expect(initiated.transaction.acr_values).toBe('urn:bank:strong urn:bank:weak')
    expect((await signIn(initiated, es256(), assertionOf('ES256'))).claims.acr).toBe('urn:bank:strong')
  })

  it.each(['pinged', 'unsigned-pinged'])(
    'is pinged about with the token that was made for it: %s (CIBA Core 10.2)',
    async (client_id) => {
      const client = clientOf(client_id, client_id === 'pinged' ? 'ES256' : undefined, 'ping')
      const { transaction, client_notification_token } = await initiate({}, client, ClientSecretBasic(SECRET))
      await provider.phone.approve(transaction.auth_req_id)
      const authorization = `Bearer ${client_notification_token}`
      expect(pings.splice(0)).toEqual([{ authorization, body: { auth_req_id: transaction.auth_req_id } }])
    },
  )

  it('may come from issueBackchannelAuthenticationRequestObject, beside the client_id', async () => {
    const privateKey = keyOf('ES256').privateKey
    const request = await issueBackchannelAuthenticationRequestObject(as, es256(), PARAMETERS, { privateKey })
    const response = await backchannelAuthenticationRequest(as, es256(), assertionOf('ES256'), { request }, insecure)
    expect(await processBackchannelAuthenticationResponse(as, es256(), response)).toHaveProperty('auth_req_id')
  })

  it('is sent unsigned too, by a client that did not register to sign', async () => {
    const client = clientOf('unsigned', undefined)
    const initiated = await initiate({}, client, ClientSecretBasic(SECRET))
    expect((await signIn(initiated, client, ClientSecretBasic(SECRET))).claims.sub).toBe('anna')
  })

  it('brings a user_code that the provider refuses, in its own words (CIBA Core 13)', async () => {
    const parameters = { ...PARAMETERS, user_code: '1234' }
    const attempt = initiate({ parameters }, clientOf('unsigned', undefined), ClientSecretBasic(SECRET))
    await expectErrorAnswer(attempt, 'invalid_user_code')
  })

  it('is not sent where a rule forbids it', async () => {
    const parameters = { ...PARAMETERS, id_token_hint: 'a.b.c' }
    await expectRuleRefusal(initiate({ parameters }), 'OAUTH_REQUEST_FORBIDDEN', 'backchannel-request.hint')
  })

  describe('is refused by the provider, so that what makes it right is known to count,', () => {
    function modified(modify: ModifyAssertionFunction): Promise<unknown> {
      return initiate({ [modifyAssertion]: modify })
    }

    /** Gives a claim another value, or none. */
    function claim(name: string, value?: (now: number) => JsonValue): ModifyAssertionFunction {
      return (_header, claims) => {
        claims[name] = value?.(Number(claims.iat))
      }
    }

    it.each<[string, ModifyAssertionFunction]>([
      ['for the endpoint, not the issuer', claim('aud', () => `${provider.issuer}/backchannel`)],
      ['for nobody', claim('aud')],
      ['from another client', claim('iss', () => 'secret')],
      ['from nobody', claim('iss')],
      ['when it has expired', claim('exp', (now) => now - 60)],
      ['without exp', claim('exp')],
      ['before its time', claim('nbf', (now) => now + 600)],
      ['without nbf', claim('nbf')],
      ['without iat', claim('iat')],
      ['without jti', claim('jti')],
      ['with a parameter taken out behind its checks', claim('login_hint')],
      [
        'under another alg',
        (header) => {
          header.alg = 'PS256'
        },
      ],
    ])('%s (CIBA Core 7.1.1)', async (_, modify) => {
      await expect(modified(modify)).rejects.toMatchObject({
        code: 'OAUTH_RESPONSE_BODY_ERROR',
        status: 400,
        error: 'invalid_request',
      })
    })

    it('with the key of another client (CIBA Core 7.2 item 2)', async () => {
      const { privateKey } = await generateClientKey('ES256')
      await expect(initiate({ signingKey: privateKey })).rejects.toMatchObject({ error: 'invalid_request' })
    })
  })

  describe('under the profile fapi-ciba', () => {
    it.each(['ES256', 'PS256'] as const)('signs in with %s, private_key_jwt and DPoP', async (alg) => {
      const client = clientOf(alg, alg)
      const clientAuth = assertionOf(alg)
      const handle = DPoP(client, await generateKeyPair('ES256'))
      const parameters = { ...PARAMETERS, acr_values: 'urn:bank:strong' }
      const { transaction } = await initiate({ parameters, profile: 'fapi-ciba', DPoP: handle }, client, clientAuth)
      expect(transaction.acr_values).toBe('urn:bank:strong')
      await provider.phone.approve(transaction.auth_req_id)
      const relationship = { as, client, authentication: clientAuth, transport: insecure }
      const { tokens, claims } = await poll(relationship, transaction.auth_req_id, { DPoP: handle })
      expect(tokens.token_type).toBe('dpop')
      expect(claims.acr).toBe('urn:bank:strong')
    })

    it('refuses a secret (FAPI 1.0 Part 2 5.2.2 item 14)', async () => {
      const attempt = initiate({ profile: 'fapi-ciba' }, clientOf('secret', 'ES256'), ClientSecretBasic(SECRET))
      await expectRuleRefusal(attempt, 'OAUTH_REQUEST_FORBIDDEN', 'fapi-ciba.token_endpoint_auth_method')
    })
  })
})
