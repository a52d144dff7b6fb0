import { describe, expect, it } from 'vitest'
import type { ClientAuth } from '../client-authentication/client-auth.ts'
import { ClientSecretBasic } from '../client-authentication/client-secret-basic.ts'
import { ClientSecretJwt } from '../client-authentication/client-secret-jwt.ts'
import { ClientSecretPost } from '../client-authentication/client-secret-post.ts'
import { None } from '../client-authentication/none.ts'
import { PrivateKeyJwt } from '../client-authentication/private-key-jwt.ts'
import { TlsClientAuth } from '../client-authentication/tls-client-auth.ts'
import { DPoP } from '../dpop/dpop.ts'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { modifyAssertion } from '../jose/modify-assertion.ts'
import type { Client } from '../metadata/client.ts'
import { json } from '../testing/answers.ts'
import { changed, op, PARAMETERS, signing } from '../testing/backchannel-request.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { recorder } from '../testing/recorder.ts'
import { refuses } from '../testing/refuses.ts'
import { cryptoKeys, signingKey, takeApart } from '../testing/signed.ts'
import * as rules from './fapi-ciba.rules.ts'
import { initiateBackchannelAuthentication, type InitiateBackchannelAuthenticationOptions } from './initiate.ts'

const keys = new Map<string, CryptoKey>()
for (const alg of ['ES256', 'PS256', 'RS256', 'Ed25519']) {
  keys.set(alg, (await cryptoKeys(signingKey(alg, 'k'))).privateKey)
}

function keyFor(alg: string): CryptoKey {
  const key = keys.get(alg)
  if (key === undefined) throw new Error(`no key for ${alg}`)
  return key
}

/** A client that keeps to the profile. */
const bank: Client = {
  ...signing('ES256'),
  id_token_signed_response_alg: 'ES256',
  tls_client_certificate_bound_access_tokens: true,
}
const assertion = PrivateKeyJwt(keyFor('ES256'))
const NOW = Math.floor(Date.now() / 1000)
const acknowledgement = { auth_req_id: '1c266114', expires_in: 120 }

interface Changes {
  readonly client?: Client
  readonly clientAuth?: ClientAuth
  readonly unsigned?: true
  readonly options?: Partial<InitiateBackchannelAuthenticationOptions>
}

/** Does what keeps to the profile, but for what is changed. */
async function initiate({ client = bank, clientAuth = assertion, unsigned, options }: Changes = {}) {
  const { requests, options: network } = recorder(() => json(acknowledgement))
  const result = await initiateBackchannelAuthentication(op, client, clientAuth, {
    parameters: { ...PARAMETERS, binding_message: 'S24R', acr_values: 'urn:bank:strong' },
    ...(!unsigned && { signingKey: keyFor('ES256') }),
    profile: 'fapi-ciba',
    ...network,
    ...options,
  })
  return { result, requests }
}

/** The signed request that was sent. */
function requestOf({ requests }: Awaited<ReturnType<typeof initiate>>) {
  return takeApart(new URLSearchParams(requests[0]?.body).get('request') ?? '')
}

describe('the profile fapi-ciba', () => {
  it('sends a signed request with nbf and exp, and has the acr compared (FAPI-CIBA 5.2.2, 5.2.3.1)', async () => {
    const initiated = await initiate()
    const { header, claims } = requestOf(initiated)
    expect(header.alg).toBe('ES256')
    expect(Number(claims.exp) - Number(claims.nbf)).toBe(300)
    expect(initiated.result.transaction.acr_values).toBe('urn:bank:strong')
  })

  it('compares no acr where none was asked for (FAPI-CIBA 5.2.3.1 item 3)', async () => {
    const { result } = await initiate({ options: { parameters: { ...PARAMETERS, binding_message: 'S24R' } } })
    expect(result.transaction).not.toHaveProperty('acr_values')
  })

  it('is the only one', async () => {
    const options = { profile: 'fapi-2' as 'fapi-ciba' }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => initiate({ options }))
  })

  it('has no push mode (FAPI-CIBA 5.2.2 item 3, 7.8)', async () => {
    await initiate({ client: { ...bank, backchannel_token_delivery_mode: 'ping' } })
    const client = { ...bank, backchannel_token_delivery_mode: 'push' }
    const error = await refuses(rules.FAPI_DELIVERY_MODE, () => initiate({ client }))
    expect(error).toMatchObject({ expected: ['poll', 'ping'], actual: 'push' })
  })

  it('has no unsigned requests (FAPI-CIBA 5.2.3.1 item 1)', async () => {
    const { backchannel_authentication_request_signing_alg: _, ...client } = bank
    await refuses(rules.FAPI_SIGNED, () => initiate({ client, unsigned: true }))
  })

  it('wants a binding_message, unless the caller vouches for the context (FAPI-CIBA 5.2.3.1 item 2)', async () => {
    await refuses(rules.FAPI_BINDING_MESSAGE, () => initiate({ options: { parameters: PARAMETERS } }))
    const options = { parameters: PARAMETERS, sufficientAuthorizationContext: true }
    expect(requestOf(await initiate({ options })).claims).not.toHaveProperty('binding_message')
  })

  it.each(['ES256', 'PS256'])('signs requests with %s (FAPI-CIBA 7.10)', async (alg) => {
    const client = { ...bank, backchannel_authentication_request_signing_alg: alg }
    const initiated = await initiate({ client, options: { signingKey: keyFor(alg) } })
    expect(requestOf(initiated).header.alg).toBe(alg)
  })

  it.each(['RS256', 'Ed25519'])('does not sign requests with %s (FAPI-CIBA 7.10)', async (alg) => {
    const client = { ...bank, backchannel_authentication_request_signing_alg: alg }
    await refuses(rules.FAPI_REQUEST_ALG, () => initiate({ client, options: { signingKey: keyFor(alg) } }))
  })

  it.each(['none', 'RS256', undefined])(
    'does not sign as %s by modifyAssertion either (FAPI-CIBA 7.10)',
    async (alg) => {
      const options: Changes['options'] = {
        [modifyAssertion](header) {
          header.alg = alg
        },
      }
      await refuses(rules.FAPI_REQUEST_ALG, () => initiate({ options }))
    },
  )

  it('signs requests for 60 minutes at most (FAPI-CIBA 5.2.2 item 9)', async () => {
    const { claims } = requestOf(await initiate({ options: { lifetime: 3600 } }))
    expect(Number(claims.exp) - Number(claims.nbf)).toBe(3600)
    const error = await refuses(rules.FAPI_LIFETIME, () => initiate({ options: { lifetime: 3601 } }))
    expect(error).toMatchObject({ actual: 3601 })
  })

  it.each([
    ['nbf', 'nothing', undefined],
    ['exp', 'nothing', undefined],
    ['nbf', 'long ago', 0],
    ['nbf', 'a text', `${NOW}`],
    ['exp', 'a text', `${NOW + 60}`],
    ['exp', 'a time far away', 4_102_444_800],
  ])('signs no request whose %s is made %s by modifyAssertion (FAPI-CIBA 5.2.2 item 9)', async (claim, _, value) => {
    const options: Changes['options'] = {
      [modifyAssertion](_header, claims) {
        claims[claim] = value
      },
    }
    await refuses(rules.FAPI_LIFETIME, () => initiate({ options }))
  })

  it.each([
    ['private_key_jwt, ES256', assertion],
    ['private_key_jwt, PS256', PrivateKeyJwt(keyFor('PS256'))],
    ['mutual TLS', TlsClientAuth()],
  ])('lets a client prove itself by %s (FAPI 1.0 Part 2 5.2.2 item 14)', async (_, clientAuth) => {
    await expect(initiate({ clientAuth })).resolves.toBeDefined()
  })

  it.each([
    ['none', None()],
    ['client_secret_basic', ClientSecretBasic('secret')],
    ['client_secret_post', ClientSecretPost('secret')],
    ['client_secret_jwt', ClientSecretJwt('secret')],
    ['an unknown method', () => undefined],
  ])('lets no client prove itself by %s (FAPI 1.0 Part 2 5.2.2 item 14)', async (method, clientAuth) => {
    const error = await refuses(rules.FAPI_CLIENT_AUTHENTICATION, () => initiate({ clientAuth }))
    expect(error).toMatchObject({ actual: method })
  })

  it("takes a function of the caller's own for what the registration says (FAPI 1.0 Part 2 5.2.2 item 14)", async () => {
    const clientAuth: ClientAuth = (_as, client, body) => body.set('client_id', client.client_id)
    const registered = (token_endpoint_auth_method: string, alg?: string): Client =>
      changed(bank, { token_endpoint_auth_method, token_endpoint_auth_signing_alg: alg })
    await initiate({ clientAuth, client: registered('tls_client_auth') })
    await initiate({ clientAuth, client: registered('self_signed_tls_client_auth') })
    await initiate({ clientAuth, client: registered('private_key_jwt', 'PS256') })
    const secret = registered('client_secret_basic')
    await refuses(rules.FAPI_CLIENT_AUTHENTICATION, () => initiate({ clientAuth, client: secret }))
    const weak = registered('private_key_jwt', 'RS256')
    await refuses(rules.FAPI_ASSERTION_ALG, () => initiate({ clientAuth, client: weak }))
  })

  it.each(['RS256', 'Ed25519'])('has no client assertions signed with %s (FAPI-CIBA 7.10)', async (alg) => {
    await refuses(rules.FAPI_ASSERTION_ALG, () => initiate({ clientAuth: PrivateKeyJwt(keyFor(alg)) }))
  })

  describe('wants access tokens that are bound to the client (FAPI 1.0 Part 2 5.2.2 item 5)', () => {
    const { tls_client_certificate_bound_access_tokens: _, ...unbound } = bank

    it('and refuses a client whose tokens are not', async () => {
      await refuses(rules.FAPI_SENDER_CONSTRAINED, () => initiate({ client: unbound }))
      const client = { ...unbound, dpop_bound_access_tokens: false }
      await refuses(rules.FAPI_SENDER_CONSTRAINED, () => initiate({ client }))
    })

    it('which the registration says, or the handle of the token requests, which proves nothing here', async () => {
      await initiate({ client: { ...unbound, dpop_bound_access_tokens: true } })
      const handle = DPoP(unbound, await generateKeyPair('ES256'))
      const { requests } = await initiate({ client: unbound, options: { DPoP: handle } })
      expect(requests[0]?.headers).not.toHaveProperty('dpop')
    })

    it.each(['ES256', 'PS256'] as const)('by proofs signed with %s (FAPI-CIBA 7.10)', async (alg) => {
      const handle = DPoP(unbound, await generateKeyPair(alg))
      await expect(initiate({ client: unbound, options: { DPoP: handle } })).resolves.toBeDefined()
    })

    it.each(['RS256', 'Ed25519'] as const)('by no proofs signed with %s (FAPI-CIBA 7.10)', async (alg) => {
      const handle = DPoP(unbound, await generateKeyPair(alg))
      await refuses(rules.FAPI_DPOP_ALG, () => initiate({ client: unbound, options: { DPoP: handle } }))
    })

    it('and takes nothing else for a handle', async () => {
      const handle = { calculateThumbprint: () => Promise.resolve('') }
      await isCallersMistake('ERR_INVALID_ARG_VALUE', () => initiate({ options: { DPoP: handle } }))
    })
  })

  it.each(['ES256', 'PS256'])('takes ID Tokens signed with %s (FAPI-CIBA 7.10)', async (alg) => {
    await expect(initiate({ client: { ...bank, id_token_signed_response_alg: alg } })).resolves.toBeDefined()
  })

  it.each([
    ['RS256', 'RS256'],
    ['none', 'none'],
    ['EdDSA', 'EdDSA'],
    [undefined, 'missing'],
  ])('takes no ID Tokens signed with %s (FAPI-CIBA 7.10)', async (alg, actual) => {
    const client = changed(bank, { id_token_signed_response_alg: alg })
    const error = await refuses(rules.FAPI_ID_TOKEN_ALG, () => initiate({ client }))
    expect(error).toMatchObject({ actual })
  })

  it.each(['id_token_encrypted_response_alg', 'userinfo_encrypted_response_alg'])(
    'has nothing encrypted by RSA1_5: %s (FAPI-CIBA 7.11)',
    async (member) => {
      await initiate({ client: { ...bank, [member]: 'RSA-OAEP-256', client_name: 'RSA1_5' } })
      await refuses(rules.FAPI_ENCRYPTION, () => initiate({ client: { ...bank, [member]: 'RSA1_5' } }))
    },
  )

  it.each(['x-fapi-customer-ip-address', 'x-fapi-auth-date', 'X-FAPI-Auth-Date'])(
    'does not send the header %s (FAPI-CIBA 6.2)',
    async (name) => {
      await initiate({ options: { headers: { 'x-fapi-interaction-id': 'c770aef3' } } })
      const error = await refuses(rules.FAPI_HEADERS, () => initiate({ options: { headers: { [name]: '192.0.2.7' } } }))
      expect(JSON.stringify(error)).not.toContain('192.0.2.7')
    },
  )
})
