import type { CryptoKey } from '../engine/crypto-key.ts'
import { sign } from '#engine'
import { hmac } from '../engine/hash.ts'
import { syncCrypto } from '../engine/sync-crypto.ts'
import type { Context } from '../rules/context.ts'
import { encodeBase64url, encodedLength, writeBase64url } from '../values/base64url.ts'
import { newBytes } from '../values/bytes.ts'
import type { JsonValue } from '../values/json.ts'
import { decodeText, encodeText } from '../values/text.ts'
import { signingAlgorithm } from './keys.ts'
import { modifyAssertion, type ModifyAssertionOptions } from './modify-assertion.ts'
import type { SigningOptions } from './signing-options.ts'

/** The members of a JWT's header or claims, before it is signed; absent ones are `undefined`. */
export type JwtPart = Record<string, JsonValue | undefined>

/** Signs a JWT with a private key; `alg` stands in its header already. */
export function signJwt(
  context: Context,
  key: CryptoKey,
  header: JwtPart,
  claims: JwtPart,
  options: SigningOptions | undefined,
): Promise<string> {
  const { alg, algorithm } = signingAlgorithm(context, key)
  return serialize({ alg, ...header }, claims, options, (input) => sign(algorithm, key, input, options?.[syncCrypto]))
}

/** Signs a JWT with HMAC-SHA-256 under a secret. */
export function signJwtWithSecret(
  secret: string,
  claims: JwtPart,
  options: ModifyAssertionOptions | undefined,
): Promise<string> {
  return serialize({ alg: 'HS256' }, claims, options, (input) => hmac('SHA-256', encodeText(secret), input))
}

async function serialize(
  header: JwtPart,
  claims: JwtPart,
  options: ModifyAssertionOptions | undefined,
  signInput: (input: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>,
): Promise<string> {
  const { [modifyAssertion]: modify } = options ?? {}
  modify?.(header, claims)
  const input = signingInput(header, claims)
  const signature = encodeBase64url(await signInput(input))
  return `${String(decodeText(input))}.${signature}`
}

/** Header and claims as they are signed (RFC 7515, section 5.1), in one place, so that they are encoded once. */
function signingInput(header: JwtPart, claims: JwtPart): Uint8Array<ArrayBuffer> {
  const first = encodeText(JSON.stringify(header))
  const second = encodeText(JSON.stringify(claims))
  const end = encodedLength(first)
  const input = newBytes(end + 1 + encodedLength(second))
  writeBase64url(first, input, 0)
  input[end] = FULL_STOP
  writeBase64url(second, input, end + 1)
  return input
}

/** What stands between the parts of a JWT. */
const FULL_STOP = 0x2e
