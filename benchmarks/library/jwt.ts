import { verify } from 'node:crypto'
import type { SigningKey } from '../../packages/countersign/src/testing/signed.ts'
import { isJsonObject, type JsonObject } from '../../packages/countersign/src/values/json.ts'
import { type Algorithm, nodeForm, publicKeyOf, type Signed, signedPart } from './keys.ts'

/** The header and the claims of a JWT whose signature is under a key; throws for another one. */
export function open(token: unknown, alg: Algorithm, key: SigningKey): { header: JsonObject; claims: JsonObject } {
  if (typeof token !== 'string') throw new Error('no JWT')
  const signed = signedPart(token)
  assertSigned(signed, alg, key)
  const [header, claims] = Buffer.from(signed.bytes)
    .toString()
    .split('.')
    .map((part): unknown => JSON.parse(Buffer.from(part, 'base64url').toString()))
  if (!isJsonObject(header) || !isJsonObject(claims)) throw new Error('a JWT without claims')
  return { header, claims }
}

/** Throws where a signature is not under a key. */
export function assertSigned({ bytes, signature }: Signed, alg: Algorithm, key: SigningKey): void {
  const [digest, form] = nodeForm(alg, publicKeyOf(key))
  if (!verify(digest, bytes, form, signature)) throw new Error('a wrong signature')
}
