import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { signingKey } from '../../../packages/countersign/src/testing/signed.ts'

/** Keys of the servers in the cases: made once a run, told apart by name. */
export type KeyName = 'RS256' | 'RS256-other' | 'ES256' | 'ES256-other' | 'ES384' | 'ES512' | 'Ed25519' | 'RSA-1024'

export interface ServerKey {
  readonly privateKey: KeyObject
  readonly jwk: Readonly<Record<string, unknown>>
}

const made = new Map<KeyName, ServerKey>()

export function serverKey(name: KeyName): ServerKey {
  const known = made.get(name)
  if (known !== undefined) return known
  const privateKey = makeKey(name)
  const key = { privateKey, jwk: { ...createPublicKey(privateKey).export({ format: 'jwk' }) } }
  made.set(name, key)
  return key
}

function makeKey(name: KeyName): KeyObject {
  const [alg = name] = name.split('-')
  return name === 'RSA-1024' ? signingKey('RS256', name, 1024).privateKey : signingKey(alg, name).privateKey
}

/** How each `alg` signs, as node:crypto wants it said (RFC 7518 §3.1, RFC 8037 §3.1). */
const DIGESTS: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' }
const RSA_PSS_PADDING = 6

export function signWith(name: KeyName, alg: string, input: string): Buffer {
  const { privateKey } = serverKey(name)
  const digest = DIGESTS[alg.slice(2)] ?? null
  const bytes = Buffer.from(input)
  switch (privateKey.asymmetricKeyType) {
    case 'ec':
      return sign(digest ?? 'sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    case 'rsa': {
      const pss = { padding: RSA_PSS_PADDING, saltLength: 32 }
      return sign(digest ?? 'sha256', bytes, { key: privateKey, ...(alg.startsWith('PS') ? pss : {}) })
    }
    default:
      return sign(null, bytes, privateKey)
  }
}
