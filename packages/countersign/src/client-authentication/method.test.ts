import { expect, it } from 'vitest'
import { generateKeyPair } from '../jose/generate-key-pair.ts'
import { ClientSecretBasic } from './client-secret-basic.ts'
import { ClientSecretJwt } from './client-secret-jwt.ts'
import { ClientSecretPost } from './client-secret-post.ts'
import { methodOf } from './method.ts'
import { None } from './none.ts'
import { PrivateKeyJwt } from './private-key-jwt.ts'
import { TlsClientAuth } from './tls-client-auth.ts'

it.each([
  ['none', None()],
  ['client_secret_basic', ClientSecretBasic('secret')],
  ['client_secret_post', ClientSecretPost('secret')],
  ['client_secret_jwt', ClientSecretJwt('secret')],
])('remembers that a function is %s (RFC 7591 2)', (name, clientAuthentication) => {
  expect(methodOf(clientAuthentication)).toEqual({ names: [name] })
})

it('remembers that both methods of mutual TLS are one function (RFC 8705 2)', () => {
  expect(methodOf(TlsClientAuth())).toEqual({ names: ['tls_client_auth', 'self_signed_tls_client_auth'] })
})

it.each(['ES256', 'PS256', 'Ed25519'])('remembers what private_key_jwt signs by: %s (OIDC Core 9)', async (alg) => {
  const { privateKey } = await generateKeyPair(alg)
  expect(methodOf(PrivateKeyJwt(privateKey))).toEqual({ names: ['private_key_jwt'], alg })
})

it("knows nothing of a function of the caller's own", () => {
  expect(methodOf(() => undefined)).toBeUndefined()
})
