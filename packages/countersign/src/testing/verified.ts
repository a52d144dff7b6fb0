import { constants, createHmac, KeyObject, verify } from 'node:crypto'

/*
 * Verifies the JWTs that this library signs, with node:crypto: another implementation than the one that signs them.
 */

/** Tells whether a JWT is signed by an algorithm, under a public key. */
export function isSignedBy(alg: string, publicKey: CryptoKey, token: string): boolean {
  const { input, signature } = partsOf(token)
  const key = KeyObject.from(publicKey)
  const hash = `sha${alg.slice(2)}`
  switch (alg.slice(0, 2)) {
    case 'RS':
      return verify(hash, input, key, signature)
    case 'PS': {
      // RFC 7518 §3.5: the salt is as long as the hash
      const padding = constants.RSA_PKCS1_PSS_PADDING
      return verify(hash, input, { key, padding, saltLength: Number(alg.slice(2)) / 8 }, signature)
    }
    case 'ES':
      // RFC 7518 §3.4: R and S, one behind the other
      return verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature)
    default:
      return verify(null, input, key, signature)
  }
}

/** Tells whether a JWT is protected by HMAC-SHA-256 under a secret. */
export function isProtectedBy(secret: string, token: string): boolean {
  const { input, signature } = partsOf(token)
  return createHmac('sha256', secret).update(input).digest().equals(signature)
}

function partsOf(token: string): { input: Buffer; signature: Buffer } {
  const end = token.lastIndexOf('.')
  return { input: Buffer.from(token.slice(0, end)), signature: Buffer.from(token.slice(end + 1), 'base64url') }
}
