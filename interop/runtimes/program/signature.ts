import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'

/** Makes a key, signs an access token with it, and validates that; then the same token with another signature. */
export async function signature({ algorithm, issuer, resource }: Configuration): Promise<object> {
  const { privateKey, publicKey } = await countersign.generateKeyPair(algorithm)
  const publicJwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'made here', alg: algorithm }
  const as: countersign.AuthorizationServer = { issuer, jwks_uri: 'https://keys.example/' }
  const token = await countersign.issueRequestObject(
    as,
    { client_id: 'made here' },
    { sub: 'anna' },
    { key: privateKey, kid: 'made here' },
    {
      // the one function that signs what its caller wants makes an access token as well (RFC 9068 §2)
      [countersign.modifyAssertion]: (header, claims) => {
        header.typ = 'at+jwt'
        claims.iss = issuer
        claims.aud = resource
      },
    },
  )

  const validate = async (accessToken: string): Promise<countersign.JWTAccessTokenClaims> => {
    const request = new Request(resource, { headers: { authorization: `Bearer ${accessToken}` } })
    return await countersign.validateJwtAccessToken(as, request, resource, {
      [countersign.customFetch]: async () => Response.json({ keys: [publicJwk] }),
    })
  }
  const { sub } = await validate(token)
  // the first character of the signature: all of its bits count
  const at = token.lastIndexOf('.') + 1
  const forged = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
  const refusal: unknown = await validate(forged).then(
    () => 'accepted',
    (error: unknown) => (error instanceof countersign.OperationProcessingError ? error.code : String(error)),
  )
  // the header of a JWS, which the library made
  const header = JSON.parse(atob(token.split('.')[0] ?? '')) as { readonly alg: string }
  return { sub, alg: header.alg, forged: refusal }
}
