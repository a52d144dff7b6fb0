import { webcrypto } from 'node:crypto'

/** Keys of the client in the cases: imported by the caller, good ones and bad ones. */
export interface ClientKey {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

export type ClientKeyName = (typeof CLIENT_KEY_NAMES)[number]

export const GOOD_CLIENT_KEYS = [
  ...(['ES256', 'ES384', 'ES512', 'Ed25519'] as const),
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
] as const
export const CLIENT_KEY_NAMES = [...GOOD_CLIENT_KEYS, 'ECDH', 'RSA-OAEP', 'HMAC', 'RSA-1024', 'SHA-1'] as const

export function isGood(name: ClientKeyName): boolean {
  return GOOD_CLIENT_KEYS.some((good) => good === name)
}

const made = new Map<ClientKeyName, Promise<ClientKey>>()

export function clientKey(name: ClientKeyName): Promise<ClientKey> {
  const key = made.get(name) ?? make(name)
  made.set(name, key)
  return key
}

async function make(name: ClientKeyName): Promise<ClientKey> {
  const made = await KEYS[name]()
  return 'privateKey' in made ? made : { privateKey: made, publicKey: made }
}

const { subtle } = webcrypto
type Made = Promise<CryptoKeyPair | CryptoKey>

const KEYS: Readonly<Record<ClientKeyName, () => Made>> = {
  ES256: ec('P-256'),
  ES384: ec('P-384'),
  ES512: ec('P-521'),
  Ed25519: () => subtle.generateKey('Ed25519', true, ['sign', 'verify']),
  RS256: rsa('RSASSA-PKCS1-v1_5', 'SHA-256'),
  RS384: rsa('RSASSA-PKCS1-v1_5', 'SHA-384'),
  RS512: rsa('RSASSA-PKCS1-v1_5', 'SHA-512'),
  PS256: rsa('RSA-PSS', 'SHA-256'),
  PS384: rsa('RSA-PSS', 'SHA-384'),
  PS512: rsa('RSA-PSS', 'SHA-512'),
  'RSA-1024': rsa('RSA-PSS', 'SHA-256', 1024),
  'SHA-1': rsa('RSASSA-PKCS1-v1_5', 'SHA-1'),
  'RSA-OAEP': () =>
    subtle.generateKey({ ...rsaParameters(2048), name: 'RSA-OAEP', hash: 'SHA-256' }, true, ['encrypt', 'decrypt']),
  ECDH: () => subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']),
  HMAC: () => subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']),
}

function ec(namedCurve: string): () => Made {
  return () => subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify'])
}

function rsa(name: string, hash: string, modulusLength = 2048): () => Made {
  return () => subtle.generateKey({ ...rsaParameters(modulusLength), name, hash }, true, ['sign', 'verify'])
}

function rsaParameters(modulusLength: number): { modulusLength: number; publicExponent: Uint8Array<ArrayBuffer> } {
  return { modulusLength, publicExponent: Uint8Array.of(1, 0, 1) }
}
