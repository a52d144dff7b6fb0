import { createHmac, verify } from 'node:crypto'
import { KeyObject } from 'node:crypto'
import type { Describe, SeenRequest } from './transport.ts'

/** What verifies a JWT that a library made: a public key, or the bytes of a shared secret. */
export type Verifier = CryptoKey | string | undefined

/**
 * A JWT in the parts that must be the same: header and claims, with the random identifier reduced to its alphabet and
 * length, and the signature to whether it is right. Time stands still, so `iat` and `exp` stay as they are.
 */
export function openJwt(text: unknown, verifier: Verifier): unknown {
  if (typeof text !== 'string') return text
  const [header = '', payload = '', signature = '', ...more] = text.split('.')
  try {
    const jose: unknown = JSON.parse(decode(header))
    const claims: unknown = JSON.parse(decode(payload))
    return {
      header: jose,
      payload: hasIdentifier(claims) ? { ...claims, jti: alphabetOf(claims.jti) } : claims,
      signature: signatureOf(`${header}.${payload}`, signature, verifier),
      more: more.length,
    }
  } catch {
    return text
  }
}

function hasIdentifier(claims: unknown): claims is { readonly jti: unknown } {
  return typeof claims === 'object' && claims !== null && 'jti' in claims
}

/** A random text by what must be the same of it. */
export function alphabetOf(text: unknown): unknown {
  return typeof text === 'string' && /^[\w-]+$/.test(text) ? `‹${text.length} base64url characters›` : text
}

/** Opens the proofs and assertions of a request. */
export function opened(assertion: Verifier, proof: Verifier): Describe {
  return ({ headers, body, ...rest }): SeenRequest => ({
    ...rest,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, name === 'dpop' ? openJwt(value, proof) : value]),
    ),
    body: Array.isArray(body) ? body.map((entry: unknown) => openEntry(entry, assertion)) : body,
  })
}

function openEntry(entry: unknown, verifier: Verifier): unknown {
  if (!Array.isArray(entry) || entry[0] !== 'client_assertion') return entry
  return ['client_assertion', openJwt(entry[1], verifier)]
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

const PSS = { padding: 6, saltLength: -2 }

function signatureOf(input: string, signature: string, verifier: Verifier): string {
  const bytes = Buffer.from(signature, 'base64url')
  if (verifier === undefined) return `${bytes.length} bytes`
  if (typeof verifier === 'string') {
    return createHmac('sha256', verifier).update(input).digest().equals(bytes) ? 'right' : 'wrong'
  }
  const key = KeyObject.from(verifier)
  const { name } = verifier.algorithm
  const algorithm = name === 'ECDSA' ? curveDigest(key.asymmetricKeyDetails?.namedCurve) : digestOf(verifier.algorithm)
  const options = name === 'ECDSA' ? { dsaEncoding: 'ieee-p1363' as const } : name === 'RSA-PSS' ? PSS : {}
  return verify(algorithm ?? null, Buffer.from(input), { key, ...options }, bytes) ? 'right' : 'wrong'
}

function digestOf(algorithm: object): string | undefined {
  const hash: unknown = 'hash' in algorithm ? algorithm.hash : undefined
  const name: unknown = typeof hash === 'object' && hash !== null && 'name' in hash ? hash.name : undefined
  return typeof name === 'string' ? name.replace('-', '').toLowerCase() : undefined
}

function curveDigest(curve: string | undefined): string {
  return curve === 'secp521r1' ? 'sha512' : curve === 'secp384r1' ? 'sha384' : 'sha256'
}
