import { encodeBase64url } from '../values/base64url.ts'
import { encodeText } from '../values/text.ts'
import type { CryptoKey } from './crypto-key.ts'
import type { SignatureParameters } from './parameters.ts'
import { sha256 } from './sha256.ts'

/** What is asked of cryptography often, over Web Cryptography: the engine of every runtime but Node. */

/** The SHA-256 of a text in UTF-8, as base64url. */
export function hashText(text: string): string {
  return encodeBase64url(sha256(encodeText(text)))
}

/** The signature of some bytes under a private key. */
export async function sign(
  { signature }: SignatureParameters,
  privateKey: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  _sync?: boolean,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(signature, privateKey, bytes))
}

/** Whether a signature of some bytes is one under a public key. */
export function verify(
  { signature: parameters }: SignatureParameters,
  publicKey: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
  _sync?: boolean,
): Promise<boolean> {
  return crypto.subtle.verify(parameters, publicKey, signature, bytes)
}
