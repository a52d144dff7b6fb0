import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  introspectionRequest,
  jweDecrypt,
  processIntrospectionResponse,
  processUserInfoResponse,
  UNSUPPORTED_OPERATION,
  UnsupportedOperationError,
  userInfoRequest,
  validateApplicationLevelSignature,
  validateCodeIdTokenResponse,
  validateJwtAuthResponse,
} from 'countersign'
import { decryptJwe } from '../ciba/jwe.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack } from './browser.ts'
import { authorizationUrl, begin, exchange, type Begun } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

const ALG = 'RSA-OAEP-256'
const ENC = 'A256GCM'

describe('answers that are signed and encrypted, with the jweDecrypt of the caller (RFC 7516)', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const decrypting = { ...insecure, [jweDecrypt]: (jwe: string) => Promise.resolve(decryptJwe(jwe, privateKey)) }
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    const [algs, encs, ES256] = [[ALG], [ENC], ['ES256']] as const
    provider = await startInteractiveProvider({
      clients: [
        {
          ...registrationOf('shop'),
          grant_types: ['authorization_code', 'implicit'],
          response_types: ['code', 'code id_token'],
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'enc', alg: ALG, kid: 'enc' }] },
          authorization_encrypted_response_alg: ALG,
          authorization_encrypted_response_enc: ENC,
          id_token_encrypted_response_alg: ALG,
          id_token_encrypted_response_enc: ENC,
          introspection_encrypted_response_alg: ALG,
          introspection_encrypted_response_enc: ENC,
          userinfo_signed_response_alg: 'ES256',
          userinfo_encrypted_response_alg: ALG,
          userinfo_encrypted_response_enc: ENC,
        },
      ],
      responseTypes: ['code', 'code id_token'],
      enabledJWA: {
        authorizationSigningAlgValues: ES256,
        authorizationEncryptionAlgValues: algs,
        authorizationEncryptionEncValues: encs,
        idTokenSigningAlgValues: ES256,
        idTokenEncryptionAlgValues: algs,
        idTokenEncryptionEncValues: encs,
        introspectionSigningAlgValues: ES256,
        introspectionEncryptionAlgValues: algs,
        introspectionEncryptionEncValues: encs,
        userinfoSigningAlgValues: ES256,
        userinfoEncryptionAlgValues: algs,
        userinfoEncryptionEncValues: encs,
      },
      features: {
        encryption: { enabled: true },
        introspection: { enabled: true, allowedPolicy: () => true },
        jwtIntrospection: { enabled: true },
        jwtResponseModes: { enabled: true },
        jwtUserinfo: { enabled: true },
      },
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function respond(parameters: Record<string, string>): Promise<{ begun: Begun; callback: URL }> {
    const begun = await begin(shop, parameters)
    return { begun, callback: await comeBack(authorizationUrl(shop.as, begun.parameters)) }
  }

  it('reads the authorization response and the ID Token, UserInfo and introspection (JARM 2.2, RFC 9701 5)', async () => {
    const { as, client, authentication } = shop
    const { begun, callback } = await respond({ response_mode: 'jwt' })
    expect(callback.searchParams.get('response')?.split('.')).toHaveLength(5)
    const answer = await validateJwtAuthResponse(as, client, callback, begun.state, decrypting)
    const { claims, tokens } = await exchange(shop, begun, answer, decrypting)
    expect(tokens.id_token?.split('.')).toHaveLength(5)

    const told = await userInfoRequest(as, client, tokens.access_token, insecure)
    expect(await processUserInfoResponse(as, client, claims.sub, told, decrypting)).toMatchObject({ sub: 'anna' })
    await validateApplicationLevelSignature(as, told, insecure)

    const options = { ...insecure, requestJwtResponse: true }
    const asked = await introspectionRequest(as, client, authentication, tokens.access_token, options)
    const introspected = await processIntrospectionResponse(as, client, asked, decrypting)
    expect(introspected).toMatchObject({ active: true, sub: 'anna' })
    await validateApplicationLevelSignature(as, asked, insecure)
  })

  it('reads the ID Token of a hybrid response (OIDC Core 3.3.2.5, 10.2)', async () => {
    const { as, client } = shop
    const { begun, callback } = await respond({ response_type: 'code id_token' })
    const { nonce, state } = begun
    const answer = await validateCodeIdTokenResponse(as, client, callback, nonce, state, undefined, decrypting)
    expect((await exchange(shop, begun, answer, decrypting)).claims.sub).toBe('anna')
  })

  it('reads none of them without it', async () => {
    const { begun, callback } = await respond({ response_mode: 'jwt' })
    const attempt = validateJwtAuthResponse(shop.as, shop.client, callback, begun.state, insecure)
    await expect(attempt).rejects.toBeInstanceOf(UnsupportedOperationError)
    await expect(attempt).rejects.toMatchObject({ code: UNSUPPORTED_OPERATION })
  })
})
