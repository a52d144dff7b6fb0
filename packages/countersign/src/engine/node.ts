import type { KeyObject } from 'node:crypto'
import type { CryptoKey } from './crypto-key.ts'
import type { SignatureParameters } from './parameters.ts'
import * as web from './web.ts'

/**
 * The engine of Node: what Web Cryptography is built on there, and which answers sooner. Keys are made by Web Cryptography all
 * the same, so that it stays the one judge of them.
 */

let loaded: typeof import('node:crypto') | undefined

/** Loads it when it is needed first: on a cold start it weighs more than this whole library. */
function nodeCrypto(): typeof import('node:crypto') {
  return (loaded ??= process.getBuiltinModule('node:crypto'))
}

/** The SHA-256 of a text in UTF-8, as base64url. */
export function hashText(text: string): string {
  return nodeCrypto().hash('sha256', text, 'base64url')
}

/** The signature of some bytes under a private key; with `sync`, and a key that is not RSA, on this thread. */
export function sign(
  parameters: SignatureParameters,
  privateKey: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  sync?: boolean,
): Uint8Array | Promise<Uint8Array> {
  // a key that may not leave Web Cryptography stays there
  const material = privateKey.extractable ? materialOf(parameters, privateKey, 'sign') : undefined
  if (material === undefined) return web.sign(parameters, privateKey, bytes)
  const { digest, key } = material
  if (sync && key.padding === undefined) return nodeCrypto().sign(digest, bytes, key)
  return new Promise((resolve, reject) => {
    nodeCrypto().sign(digest, bytes, key, (error, signature) => (error ? reject(error) : resolve(signature)))
  })
}

/** Whether a signature of some bytes is one under a public key; with `sync`, on this thread. */
export function verify(
  parameters: SignatureParameters,
  publicKey: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
  sync?: boolean,
): boolean | Promise<boolean> {
  const material = materialOf(parameters, publicKey, 'verify')
  if (material === undefined) return web.verify(parameters, publicKey, signature, bytes)
  const { digest, key } = material
  if (sync) return nodeCrypto().verify(digest, bytes, key, signature)
  return new Promise((resolve, reject) => {
    nodeCrypto().verify(digest, bytes, key, signature, (error, valid) => (error ? reject(error) : resolve(valid)))
  })
}

/** What Node takes in place of an algorithm's parameters. */
interface Form {
  /** `null` where the algorithm hashes by itself. */
  readonly digest: string | null
  /** RSA only. */
  readonly padding?: number
  /** RSA-PSS only. */
  readonly saltLength?: number
}

function formOf({ key, signature }: SignatureParameters): Form | undefined {
  const { saltLength } = signature
  const { constants } = nodeCrypto()
  switch (signature.name) {
    case 'RSASSA-PKCS1-v1_5':
      return { digest: key.hash ?? null, padding: constants.RSA_PKCS1_PADDING }
    case 'RSA-PSS':
      return { digest: key.hash ?? null, padding: constants.RSA_PKCS1_PSS_PADDING, ...(saltLength && { saltLength }) }
    case 'ECDSA':
      return { digest: signature.hash ?? null }
    case 'Ed25519':
      return { digest: null }
  }
  return undefined
}

/** What Node takes in place of a key and its algorithm. */
interface Material {
  /** What the key is for. */
  readonly usage: 'sign' | 'verify'
  readonly digest: Form['digest']
  readonly key: Omit<Form, 'digest'> & {
    readonly key: KeyObject
    /** RFC 7518 §3.4: both numbers of a signature, one behind the other. */
    readonly dsaEncoding: 'ieee-p1363'
  }
}

// by the very key, and gone with it
const materials = new WeakMap<CryptoKey, Material>()

/** `undefined` where Web Cryptography is to judge: a key that is not for this, or an algorithm that is its own. */
function materialOf(parameters: SignatureParameters, key: CryptoKey, usage: Material['usage']): Material | undefined {
  const known = materials.get(key)
  if (known?.usage === usage) return known
  const form = formOf(parameters)
  if (form === undefined || !key.usages.some((one) => one === usage)) return undefined
  const keyObject = keyObjectOf(key)
  if (keyObject === undefined) return undefined
  const { digest, ...padding } = form
  const material: Material = { usage, digest, key: { ...padding, key: keyObject, dsaEncoding: 'ieee-p1363' } }
  materials.set(key, material)
  return material
}

/** `undefined` for a key of another implementation, which has taken the place of Node's Web Cryptography. */
function keyObjectOf(key: CryptoKey): KeyObject | undefined {
  try {
    return nodeCrypto().KeyObject.from(key)
  } catch {
    return undefined
  }
}
