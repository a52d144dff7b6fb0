import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'countersign'
import { type ClientKey, generateClientKey } from './client-key.ts'
import { expectChallenge, expectErrorAnswer } from './refusal.ts'
import { authenticate, discover, insecure, poll, type Relationship } from './relationship.ts'

/** RFC 6749 Appendix A.1, A.2: every character that a client_id or client_secret may have, %x20-7E. */
const VSCHAR = String.fromCharCode(...Array.from({ length: 0x7e - 0x20 + 1 }, (_, index) => 0x20 + index))

const KEY_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'Ed25519']

describe('client authentication at the two endpoints of CIBA (CIBA Core 7.1, 10.1)', () => {
  const keys = new Map<string, ClientKey>()
  let provider: RunningProvider
  let as: AuthorizationServer

  beforeAll(async () => {
    for (const alg of [...KEY_ALGORITHMS, 'EdDSA']) {
      keys.set(alg, await generateClientKey(alg))
    }
    provider = await startProvider({
      clients: [
        { client_id: VSCHAR, client_secret: VSCHAR, token_endpoint_auth_method: 'client_secret_basic' },
        { client_id: 'post', client_secret: VSCHAR, token_endpoint_auth_method: 'client_secret_post' },
        { client_id: 'secret-jwt', client_secret: VSCHAR, token_endpoint_auth_method: 'client_secret_jwt' },
        { client_id: 'public', token_endpoint_auth_method: 'none' },
        ...[...keys].map(([alg, { publicJwk }]) => ({
          client_id: alg,
          jwks: { keys: [publicJwk] },
          token_endpoint_auth_method: 'private_key_jwt' as const,
        })),
      ],
    })
    as = await discover(provider.issuer)
  })

  afterAll(() => provider.close())

  function clientOf(client_id: string, authentication: ClientAuth): Relationship {
    return { as, client: { client_id, id_token_signed_response_alg: 'ES256' }, authentication, transport: insecure }
  }

  function privateKey(alg: string): ClientKey['privateKey'] {
    const key = keys.get(alg)
    if (!key) {
      throw new Error(`no key was made for ${alg}`)
    }
    return key.privateKey
  }

  async function expectSignIn(relationship: Relationship): Promise<void> {
    const { auth_req_id } = await authenticate(relationship)
    await provider.phone.approve(auth_req_id)
    expect((await poll(relationship, auth_req_id)).claims).toMatchObject({
      sub: 'anna',
      aud: relationship.client.client_id,
    })
  }

  it('client_secret_basic, every character that may need encoding (RFC 6749 2.3.1, Appendix B)', async () => {
    await expectSignIn(clientOf(VSCHAR, ClientSecretBasic(VSCHAR)))
  })

  it('client_secret_post, every character that may need encoding (RFC 6749 2.3.1)', async () => {
    await expectSignIn(clientOf('post', ClientSecretPost(VSCHAR)))
  })

  it('client_secret_jwt (OIDC Core 9)', async () => {
    await expectSignIn(clientOf('secret-jwt', ClientSecretJwt(VSCHAR)))
  })

  it.each(KEY_ALGORITHMS)('private_key_jwt signed with %s (OIDC Core 9)', async (alg) => {
    await expectSignIn(clientOf(alg, PrivateKeyJwt(privateKey(alg))))
  })

  it('private_key_jwt under the older name EdDSA, which the key does not say (RFC 9864 3.1)', async () => {
    const authentication = PrivateKeyJwt(privateKey('EdDSA'), {
      [modifyAssertion](header) {
        header.alg = 'EdDSA'
      },
    })
    await expectSignIn(clientOf('EdDSA', authentication))
  })

  it('private_key_jwt with a header and a claim of our own, through modifyAssertion (RFC 7523 3)', async () => {
    const authentication = PrivateKeyJwt(privateKey('ES256'), {
      [modifyAssertion](header, payload) {
        header.typ = 'client-authentication+jwt'
        payload.exp = Number(payload.iat) + 30
      },
    })
    await expectSignIn(clientOf('ES256', authentication))
  })

  it('none: this provider lets a public client in, although CIBA Core 4 and 7.1 want it authenticated', async () => {
    await expectSignIn(clientOf('public', None()))
  })

  it('a wrong secret in the header: a challenge, because the client used that scheme (RFC 6749 5.2)', async () => {
    await expectChallenge(authenticate(clientOf(VSCHAR, ClientSecretBasic('wrong'))), 'basic', 'invalid_client')
  })

  it('a wrong secret in the body: invalid_client with status 401 (RFC 6749 5.2)', async () => {
    await expectErrorAnswer(authenticate(clientOf('post', ClientSecretPost('wrong'))), 'invalid_client', 401)
  })

  it('an assertion keyed with a wrong secret: invalid_client (RFC 7521 4.2.1)', async () => {
    const authentication = ClientSecretJwt('another-secret-of-the-tests-32-bytes')
    await expectErrorAnswer(authenticate(clientOf('secret-jwt', authentication)), 'invalid_client', 401)
  })

  it('an assertion signed with a key that is not registered: invalid_client (RFC 7521 4.2.1)', async () => {
    const { privateKey: stranger } = await generateClientKey('ES256')
    await expectErrorAnswer(authenticate(clientOf('ES256', PrivateKeyJwt(stranger))), 'invalid_client', 401)
  })

  it('an assertion for another audience: invalid_client (RFC 7523 3 item 3)', async () => {
    const authentication = PrivateKeyJwt(privateKey('ES256'), {
      [modifyAssertion](_header, payload) {
        payload.aud = 'https://op.example'
      },
    })
    await expectErrorAnswer(authenticate(clientOf('ES256', authentication)), 'invalid_client', 401)
  })

  it('an unregistered client: invalid_client (RFC 6749 5.2)', async () => {
    await expectChallenge(authenticate(clientOf('stranger', ClientSecretBasic('x'))), 'basic', 'invalid_client')
    await expectErrorAnswer(authenticate(clientOf('stranger', None())), 'invalid_client', 401)
  })

  it('another method than the registered one: invalid_client (OIDC Registration 2)', async () => {
    await expectErrorAnswer(authenticate(clientOf('post', None())), 'invalid_client', 401)
  })

  it('a wrong secret at the token endpoint, after a right one at the other (RFC 6749 5.2)', async () => {
    const { auth_req_id } = await authenticate(clientOf('post', ClientSecretPost(VSCHAR)))
    await expectErrorAnswer(poll(clientOf('post', ClientSecretPost('wrong')), auth_req_id), 'invalid_client', 401)
  })
})
