import { BackchannelError, CANNOT_UNSEAL, invalidArgument } from '../errors/backchannel-error.ts'

/** A key that seals what is stored: AES-256, for A256GCM (NIST SP 800-38D). */
export interface EncryptionKey {
  /** Names the key in what it sealed: letters, digits, `_` and `-`. A name is never given to another key. */
  readonly kid: string
  /** 32 random bytes, or the same as a `CryptoKey` for AES-GCM with the usages `encrypt` and `decrypt`. */
  readonly key: CryptoKey | Uint8Array
}

/** The key that seals, first, and those that sealed what may still be stored. */
export type EncryptionKeys = readonly [current: EncryptionKey, ...previous: EncryptionKey[]]

/** Seals texts, and opens what it sealed. */
export interface KeyRing {
  /** @param about What the text belongs to: it opens only with the same. */
  seal(text: string, about: string): Promise<string>
  /** @throws {BackchannelError} `BACKCHANNEL_CANNOT_UNSEAL` */
  unseal(sealed: string, about: string): Promise<string>
}

const ALGORITHM = 'AES-GCM'
const VERSION = '1'

/** NIST SP 800-38D §8.2.2: a random one, for at most 2^32 texts under one key. */
const IV_LENGTH = 12

/** Reads the keys, once. */
export async function keyRing(keys: EncryptionKeys): Promise<KeyRing> {
  const ring = new Map<string, CryptoKey>()
  for (const { kid, key } of keys) {
    if (!/^[\w-]{1,64}$/.test(kid)) throw invalidArgument('a "kid" must be 1 to 64 letters, digits, "_" or "-"')
    if (ring.has(kid)) throw invalidArgument('every "kid" must name one key')
    ring.set(kid, await imported(key))
  }
  const [{ kid: current }] = keys

  return {
    async seal(text, about) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH))
      const sealed = await crypto.subtle.encrypt(parameters(iv, current, about), keyOf(current), encode(text))
      return [VERSION, current, base64url(iv), base64url(new Uint8Array(sealed))].join('.')
    },
    async unseal(sealed, about) {
      const [version, kid = '', iv = '', text = '', ...more] = sealed.split('.')
      if (version !== VERSION || more.length > 0) throw cannotUnseal('it is in no form that is known')
      const key = keyOf(kid)
      try {
        const opened = await crypto.subtle.decrypt(parameters(bytes(iv), kid, about), key, bytes(text))
        return new TextDecoder().decode(opened)
      } catch (cause) {
        throw cannotUnseal(`its key "${kid}" is another now, or it was changed`, cause)
      }
    },
  }

  function keyOf(kid: string): CryptoKey {
    const key = ring.get(kid)
    if (key === undefined) throw cannotUnseal('its key is not among those that were given')
    return key
  }
}

/** Who copies a sealed text into another record, or another member, or under another key's name, cannot open it. */
function parameters(iv: Uint8Array<ArrayBuffer>, kid: string, about: string): AesGcmParams {
  return { name: ALGORITHM, iv, additionalData: encode(JSON.stringify([VERSION, kid, about])) }
}

async function imported(key: CryptoKey | Uint8Array): Promise<CryptoKey> {
  if (key instanceof Uint8Array) {
    if (key.length !== 32) throw invalidArgument('an encryption key must have 32 bytes')
    return await crypto.subtle.importKey('raw', Uint8Array.from(key), ALGORITHM, false, ['encrypt', 'decrypt'])
  }
  const { algorithm, usages } = key
  // a CryptoKey for AES has a length
  const { name, length } = algorithm as AesKeyAlgorithm
  if (name !== ALGORITHM || length !== 256 || !usages.includes('encrypt') || !usages.includes('decrypt')) {
    throw invalidArgument('an encryption key must be for AES-GCM, with 256 bits, to encrypt and decrypt')
  }
  return key
}

function cannotUnseal(why: string, cause?: unknown): BackchannelError {
  return new BackchannelError(CANNOT_UNSEAL, `what is stored cannot be opened: ${why}`, { cause })
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function base64url(binary: Uint8Array): string {
  return Buffer.from(binary).toString('base64url')
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, 'base64url'))
}
