import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  type Client,
  initiateBackchannelAuthentication,
  type InitiateBackchannelAuthenticationOptions,
  modifyAssertion,
  TlsClientAuth,
} from 'countersign'
import { type ClientKey, generateClientKey } from './client-key.ts'
import { type MutualProvider, startMutualProvider } from './mutual-provider.ts'
import { expectErrorAnswer, expectRuleRefusal } from './refusal.ts'
import { discover, poll, type Transport } from './relationship.ts'

const SUBJECT = 'CN=bank'

describe('FAPI-CIBA with mutual TLS (FAPI-CIBA 5.2.2, RFC 8705)', () => {
  const requestContexts: unknown[] = []
  let key: ClientKey
  let mutual: MutualProvider
  let as: AuthorizationServer
  let transport: Transport

  const bank: Client = {
    client_id: 'bank',
    id_token_signed_response_alg: 'ES256',
    use_mtls_endpoint_aliases: true,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    backchannel_token_delivery_mode: 'poll',
    backchannel_authentication_request_signing_alg: 'PS256',
  }

  beforeAll(async () => {
    key = await generateClientKey('PS256')
    mutual = await startMutualProvider(
      {
        client_id: 'bank',
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: SUBJECT,
        tls_client_certificate_bound_access_tokens: true,
        backchannel_authentication_request_signing_alg: 'PS256',
        jwks: { keys: [key.publicJwk] },
      },
      { validateRequestContext: (_ctx, requestContext) => void requestContexts.push(requestContext) },
    )
    transport = mutual.transportWith(await mutual.ca.issue(SUBJECT))
    as = await discover(mutual.issuer, transport)
  })

  afterAll(() => mutual.stop())

  function initiate(changes: Partial<InitiateBackchannelAuthenticationOptions> = {}) {
    return initiateBackchannelAuthentication(as, bank, TlsClientAuth(), {
      parameters: {
        scope: 'openid',
        login_hint: 'anna',
        binding_message: 'S24R',
        request_context: { location: { lat: 51.17397, lng: -1.82238 } },
        payment_intent: { amount: '165.88', currency: 'GBP' },
      },
      signingKey: key.privateKey,
      profile: 'fapi-ciba',
      ...transport,
      ...changes,
    })
  }

  it('signs in with a request signed with PS256, and a token that is bound to the certificate', async () => {
    const { transaction } = await initiate()
    await mutual.provider.approve(transaction.auth_req_id)
    const relationship = { as, client: bank, authentication: TlsClientAuth(), transport }
    expect((await poll(relationship, transaction.auth_req_id)).claims).toMatchObject({ sub: 'anna', aud: 'bank' })
  })

  it('brings request_context as the JSON object that it is, which this provider turns into text (FAPI-CIBA 5.3)', async () => {
    requestContexts.length = 0
    await initiate()
    await initiate({
      [modifyAssertion](_header, claims) {
        claims.request_context = JSON.stringify(claims.request_context)
      },
    })
    expect(requestContexts).toEqual(['[object Object]', '{"location":{"lat":51.17397,"lng":-1.82238}}'])
  })

  it('is refused by the provider with a certificate for another subject (RFC 8705 2.1)', async () => {
    const stranger = mutual.transportWith(await mutual.ca.issue('CN=somebody'))
    await expectErrorAnswer(initiate(stranger), 'invalid_client', 401)
  })

  it('is not sent without a binding_message (FAPI-CIBA 5.2.3.1 item 2)', async () => {
    const parameters = { scope: 'openid', login_hint: 'anna' }
    await expectRuleRefusal(initiate({ parameters }), 'OAUTH_REQUEST_FORBIDDEN', 'fapi-ciba.binding_message')
  })
})
