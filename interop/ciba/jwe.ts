import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto'

/** Decrypts a compact JWE (RFC 7516) of `RSA-OAEP-256` and `A256GCM`, as a user's `jweDecrypt` would. */
export function decryptJwe(jwe: string, key: KeyObject): string {
  const parts = jwe.split('.')
  const [encryptedKey, iv, ciphertext, tag] = parts.slice(1).map((part) => Buffer.from(part, 'base64url'))
  const [header] = parts
  if (header === undefined || !encryptedKey || !iv || !ciphertext || !tag) {
    throw new Error('not a compact JWE')
  }
  const oaep = { key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }
  const decipher = createDecipheriv('aes-256-gcm', privateDecrypt(oaep, encryptedKey), iv)
  decipher.setAAD(Buffer.from(header))
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString()
}
