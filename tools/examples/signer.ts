import { encodePart, idTokenClaims, json } from '../../packages/countersign/src/testing/answers.ts'

/** What the provider of the examples signs, with a key of its own that it publishes. */
export interface Signer {
  readonly jwks: { readonly keys: readonly JsonWebKey[] }
  readonly signIdToken: (audience: string, claims?: Claims) => Promise<string>
  readonly signAccessToken: (audience: string) => Promise<string>
}

type Claims = Parameters<typeof idTokenClaims>[0]

const RS256 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
}

export async function createSigner(): Promise<Signer> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(RS256, true, ['sign', 'verify'])
  const kid = 'the-only-one'
  async function sign(header: object, claims: object): Promise<string> {
    const input = `${encodePart({ alg: 'RS256', kid, ...header })}.${encodePart(claims)}`
    const signature = await crypto.subtle.sign(RS256.name, privateKey, Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
  return {
    jwks: { keys: [{ ...(await crypto.subtle.exportKey('jwk', publicKey)), ...{ kid, use: 'sig' } }] },
    signIdToken: (audience, claims) => sign({}, idTokenClaims({ aud: audience, ...claims })),
    signAccessToken: (audience) =>
      sign({ typ: 'at+jwt' }, idTokenClaims({ aud: audience, client_id: 'shop', jti: 'one', scope: 'read' })),
  }
}

export const ACCESS_TOKEN = 'access'

/** What the provider's token endpoint answers. */
export function tokenResponse(idToken: string, tokenType = 'Bearer'): Response {
  return json({ access_token: ACCESS_TOKEN, token_type: tokenType, expires_in: 600, id_token: idToken })
}
