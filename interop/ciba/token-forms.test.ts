import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  jweDecrypt,
  processUserInfoResponse,
  UNSUPPORTED_OPERATION,
  UnsupportedOperationError,
  userInfoRequest,
} from 'countersign'
import { type BareProvider, close, createBareProvider, portOf } from './bare-provider.ts'
import { decryptJwe } from './jwe.ts'
import { authenticate, insecure, poll, type Relationship } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

const ENCRYPTION = { alg: 'RSA-OAEP-256', enc: 'A256GCM' } as const

describe('forms of an ID Token that need more than a signature', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const server = createServer()
  let provider: BareProvider
  let issuer: string

  beforeAll(async () => {
    issuer = `http://127.0.0.1:${await portOf(server)}`
    provider = await createBareProvider(issuer, {
      enabledJWA: {
        idTokenSigningAlgValues: ['ES256', 'HS256'],
        userinfoSigningAlgValues: ['ES256'],
        idTokenEncryptionAlgValues: [ENCRYPTION.alg],
        idTokenEncryptionEncValues: [ENCRYPTION.enc],
        userinfoEncryptionAlgValues: [ENCRYPTION.alg],
        userinfoEncryptionEncValues: [ENCRYPTION.enc],
      },
      features: { encryption: { enabled: true }, jwtUserinfo: { enabled: true } },
      clients: [
        { ...registrationOf('symmetric'), id_token_signed_response_alg: 'HS256' },
        {
          ...registrationOf('encrypted'),
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'enc', alg: ENCRYPTION.alg, kid: 'enc' }] },
          id_token_encrypted_response_alg: ENCRYPTION.alg,
          id_token_encrypted_response_enc: ENCRYPTION.enc,
          userinfo_signed_response_alg: 'ES256',
          userinfo_encrypted_response_alg: ENCRYPTION.alg,
          userinfo_encrypted_response_enc: ENCRYPTION.enc,
        },
      ],
    })
    server.on('request', provider.answer)
  })

  afterAll(() => close(server))

  async function clientOf(client_id: string, metadata: Partial<Relationship['client']>): Promise<Relationship> {
    const relationship = await relationshipOf(client_id, issuer)
    return { ...relationship, client: { ...relationship.client, ...metadata } }
  }

  it('is decrypted by the jweDecrypt of the caller, then held to every rule (OIDC Core 10.2)', async () => {
    const relationship = await clientOf('encrypted', { userinfo_signed_response_alg: 'ES256' })
    const decrypting = { [jweDecrypt]: (jwe: string) => Promise.resolve(decryptJwe(jwe, privateKey)) }
    const { auth_req_id } = await authenticate(relationship)
    await provider.approve(auth_req_id)
    const { claims, tokens } = await poll(relationship, auth_req_id, {}, decrypting)
    expect(tokens.id_token?.split('.')).toHaveLength(5)
    expect(claims).toMatchObject({ iss: issuer, sub: 'anna', aud: 'encrypted' })

    const response = await userInfoRequest(relationship.as, relationship.client, tokens.access_token, insecure)
    const info = await processUserInfoResponse(relationship.as, relationship.client, 'anna', response, decrypting)
    expect(info).toMatchObject({ iss: issuer, sub: 'anna', aud: 'encrypted' })
  })

  it('is refused encrypted when the caller gave no jweDecrypt', async () => {
    const relationship = await clientOf('encrypted', {})
    const { auth_req_id } = await authenticate(relationship)
    await provider.approve(auth_req_id)
    const attempt = poll(relationship, auth_req_id)
    await expect(attempt).rejects.toBeInstanceOf(UnsupportedOperationError)
    await expect(attempt).rejects.toMatchObject({ code: UNSUPPORTED_OPERATION })
  })

  it('is refused signed with the client secret, which this library does not verify (OIDC Core 10.1)', async () => {
    const relationship = await clientOf('symmetric', { id_token_signed_response_alg: 'HS256' })
    const { auth_req_id } = await authenticate(relationship)
    await provider.approve(auth_req_id)
    const attempt = poll(relationship, auth_req_id)
    await expect(attempt).rejects.toBeInstanceOf(UnsupportedOperationError)
    await expect(attempt).rejects.toMatchObject({ code: UNSUPPORTED_OPERATION })
  })
})
