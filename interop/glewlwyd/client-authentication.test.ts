import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  customFetch,
  modifyAssertion,
  type ModifyAssertionOptions,
  PrivateKeyJwt,
  TlsClientAuth,
} from 'countersign'
import { createCertificateAuthority } from '@countersign/cli/tls'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { forFetch } from '../ciba/outgoing.ts'
import { expectErrorAnswer, expectSilentRefusal } from '../ciba/refusal.ts'
import { authenticate, discover, poll, type Relationship, type Transport, userInfo } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'
import { isServerLeftOut } from '../servers/packaged.ts'
import { signInAt } from '../servers/sign-in.ts'
import { clientCredentials } from '../servers/tokens.ts'
import { addRelationship, SECRET } from './relationship.ts'

const scope = `openid ${SCOPE}`
const leftOut = isServerLeftOut(GLEWLWYD)

describe.skipIf(leftOut)('client authentication at glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let key: ClientKey
  let tokenEndpoint: string
  let backchannelEndpoint: string

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    key = await generateClientKey('ES256')
    tokenEndpoint = String(as.token_endpoint)
    backchannelEndpoint = String(as.backchannel_authentication_endpoint)
  })

  afterAll(() => glewlwyd.stop())

  /** One client for each method. */
  async function clientOf(method: string, authentication: ClientAuth, name = ''): Promise<Relationship> {
    const client = { client_id: method.replaceAll('_', '') + name, scope: [SCOPE], jwks: { keys: [key.publicJwk] } }
    return await addRelationship(glewlwyd, as, { ...client, token_endpoint_auth_method: [method] }, authentication)
  }

  function audience(endpoint: string): ModifyAssertionOptions {
    return {
      [modifyAssertion](_header, payload) {
        payload.aud = endpoint
      },
    }
  }

  it('takes client_secret_post and client_secret_basic (RFC 6749 2.3.1)', async () => {
    const clients = [
      await clientOf('client_secret_post', ClientSecretPost(SECRET)),
      await clientOf('client_secret_basic', ClientSecretBasic(SECRET)),
    ]
    for (const relationship of clients) {
      expect((await signInAt(glewlwyd, relationship, { scope })).claims.aud).toBe(relationship.client.client_id)
      expect((await clientCredentials(relationship, { scope: SCOPE })).scope).toBe(SCOPE)
    }
  })

  it('takes Basic credentials as they are, not form-encoded (RFC 6749 2.3.1): others go into the body', async () => {
    const secret = 'of odd characters: +%&= and spaces'
    const client = { client_id: 'odd', client_secret: secret, scope: [SCOPE] }
    const methods = ['client_secret_basic', 'client_secret_post']
    const odd = await addRelationship(
      glewlwyd,
      as,
      { ...client, token_endpoint_auth_method: methods },
      ClientSecretBasic(secret),
    )
    await expectSilentRefusal(clientCredentials(odd, { scope: SCOPE }), 403)
    expect(
      await clientCredentials({ ...odd, authentication: ClientSecretPost(secret) }, { scope: SCOPE }),
    ).toMatchObject({
      scope: SCOPE,
    })
  })

  const assertions: Record<string, (options?: ModifyAssertionOptions) => ClientAuth> = {
    client_secret_jwt: (options) => ClientSecretJwt(SECRET, options),
    private_key_jwt: (options) => PrivateKeyJwt(key.privateKey, options),
  }

  it.each(Object.entries(assertions))(
    'takes %s only for the very endpoint that is called, which modifyAssertion names (RFC 7523 3, CIBA Core 7.1)',
    async (method, authenticationWith) => {
      const toIssuer = await clientOf(method, authenticationWith())
      await expectSilentRefusal(clientCredentials(toIssuer, { scope: SCOPE }), 403)
      await expectSilentRefusal(signInAt(glewlwyd, toIssuer, { scope }), 403)
      const request = { scope, login_hint: LOGIN_HINT }
      await expectSilentRefusal(authenticate(toIssuer, request), 401)

      const toTokens = { ...toIssuer, authentication: authenticationWith(audience(tokenEndpoint)) }
      expect((await clientCredentials(toTokens, { scope: SCOPE })).scope).toBe(SCOPE)
      expect((await signInAt(glewlwyd, toTokens, { scope })).claims.aud).toBe(toIssuer.client.client_id)
      const toBackchannel = { ...toIssuer, authentication: authenticationWith(audience(backchannelEndpoint)) }
      const { auth_req_id } = await authenticate(toBackchannel, request)
      await glewlwyd.approve(toIssuer.client.client_id)
      expect((await poll(toTokens, auth_req_id)).claims.aud).toBe(toIssuer.client.client_id)
    },
  )

  it('answers a wrong secret as each endpoint pleases, never with 401 and invalid_client (RFC 6749 5.2)', async () => {
    const shop = await clientOf('client_secret_post', ClientSecretPost('wrong'), 'wrong')
    await expectSilentRefusal(clientCredentials(shop, { scope: SCOPE }), 403)
    await expectErrorAnswer(authenticate(shop, { scope, login_hint: LOGIN_HINT }), 'invalid_client', 403)
    await expectErrorAnswer(poll(shop, 'of-nobody'), 'invalid_grant')
    await expectErrorAnswer(signInAt(glewlwyd, shop, { scope }), 'unauthorized_client', 403)
  })
})

describe.skipIf(leftOut)('mutual TLS at glewlwyd (RFC 8705)', () => {
  let glewlwyd: Glewlwyd
  let shop: Relationship

  beforeAll(async () => {
    const authority = await createCertificateAuthority('authority of the tests')
    const server = await authority.issue('CN=localhost', 'localhost')
    glewlwyd = await startGlewlwyd({
      tls: { ...server, authority: authority.certificate },
      parameters: { 'client-cert-source': 'TLS', 'client-cert-use-endpoint-aliases': true },
    })
    const dispatcher = new Agent({
      connect: { ca: authority.certificate, ...(await authority.issue('CN=shop', 'client.example')) },
    })
    const transport: Transport = {
      async [customFetch](url, init) {
        // undici's declarations differ from the DOM's in names only
        return (await undiciFetch(url, { ...forFetch(init), dispatcher })) as unknown as Response
      },
    }
    await glewlwyd.addClient({
      client_id: 'shop',
      scope: [SCOPE],
      redirect_uri: [REDIRECT_URI],
      token_endpoint_auth_method: ['tls_client_auth'],
      tls_client_auth_san_dns: 'client.example',
      backchannel_token_delivery_mode: 'poll',
    })
    shop = {
      as: await discover(glewlwyd.issuer, transport),
      client: { client_id: 'shop', use_mtls_endpoint_aliases: true },
      authentication: TlsClientAuth(),
      transport,
    }
  })

  afterAll(() => glewlwyd.stop())

  it('signs in at the aliases, and uses the token that is bound to the certificate (2.1, 3, 5)', async () => {
    const signedIn = await signInAt(glewlwyd, shop, { scope })
    expect(signedIn.claims.aud).toBe('shop')
    expect(await userInfo(shop, signedIn)).toMatchObject({ sub: signedIn.claims.sub })
  })

  it('is refused without a reason at the ordinary endpoint (5)', async () => {
    const ordinary = { ...shop, client: { ...shop.client, use_mtls_endpoint_aliases: false } }
    await expectSilentRefusal(clientCredentials(ordinary, { scope: SCOPE }), 403)
  })

  it('begins by CIBA, but the server takes nobody with a certificate for its grant (CIBA Core 10.1)', async () => {
    const { auth_req_id } = await authenticate(shop, { scope, login_hint: LOGIN_HINT })
    await glewlwyd.approve('shop')
    await expectErrorAnswer(poll(shop, auth_req_id), 'unauthorized_client')
  })
})
