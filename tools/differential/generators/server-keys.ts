import { createHash } from 'node:crypto'
import { type KeyName, serverKey } from './keys.ts'

/** The key that a server signs with by an algorithm. */
function keyFor(alg: string): KeyName {
  if (alg === 'ES384' || alg === 'ES512') return alg
  if (alg.startsWith('RS') || alg.startsWith('PS')) return 'RS256'
  return alg === 'EdDSA' || alg === 'Ed25519' ? 'Ed25519' : 'ES256'
}

/** A server's keys: the one that fits an algorithm. A token that another key signed is not to be trusted. */
export function keySet(alg: string): Response {
  return Response.json({ keys: [serverKey(keyFor(alg)).jwk] })
}

/** OIDC Core §3.3.2.11: the left half of the hash that goes with an algorithm; Ed25519 goes with SHA-512. */
export function halfHash(alg: string, text: string): string {
  const bits = alg.startsWith('Ed') ? '512' : (/\d{3}/.exec(alg)?.[0] ?? '512')
  const digest = createHash(`sha${bits}`).update(text).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/** RFC 7638: the thumbprint of an elliptic curve key. */
export function thumbprint(key: KeyName): string {
  const { crv, kty, x, y } = serverKey(key).jwk
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}
