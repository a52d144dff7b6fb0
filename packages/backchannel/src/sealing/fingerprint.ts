import { createHash } from 'node:crypto'

/**
 * SHA-256 of what is asked for, whatever the order of its parameters, to tell whether an idempotency key is used again
 * for the same. It is stored sealed, since a hint can be guessed; `user_code` is not in it (CIBA Core 1.0 §7.1.2: never
 * stored).
 */
export function fingerprintOf(grant: string, parameters: object): string {
  const asked = Object.entries(parameters)
    .filter(([name]) => name !== 'user_code')
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([grant, asked]))
    .digest('base64url')
}
