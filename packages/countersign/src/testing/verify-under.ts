import type { JWK } from '../jose/jwk.ts'
import { as } from './answers.ts'
import { keyServer } from './key-server.ts'
import { takeApart } from './signed.ts'
import { verifySignature } from '../jwks/verify.ts'

/** Verifies a token under the keys that a server publishes, as if none of them was known before. */
export function verifyUnder(token: string, ...keys: JWK[]): Promise<void> {
  return verifySignature({ trace: undefined }, { ...as }, takeApart(token), keyServer(...keys).options)
}

/** A token with another signature. */
export function withSignature(token: string, signature: string): string {
  return token.replace(/[^.]*$/, signature)
}

/** A signature with one bit changed. */
export function flipBit(signature: string, bit: number): string {
  const bytes = Buffer.from(signature, 'base64url')
  const index = (bit >> 3) % bytes.length
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit & 7))
  return bytes.toString('base64url')
}
