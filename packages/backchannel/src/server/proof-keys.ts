import { type Client, type CryptoKeyPair, DPoP, type DPoPHandle, generateKeyPair } from 'countersign'
import type { TransactionSecret } from '../transaction/record.ts'

/** A key pair, and the handle that proves it. */
export interface ProofKey {
  readonly keyPair: CryptoKeyPair
  readonly handle: DPoPHandle
}

/** The keys that tokens are bound to (RFC 9449): one for all, or one for each transaction. */
export interface ProofKeys {
  /** A new transaction's own private key, to be stored sealed; `undefined` where it has none. */
  generate(): Promise<JsonWebKey | undefined>
  /** The key of a transaction, wherever it was made. */
  of(id: string, secret: TransactionSecret): Promise<ProofKey | undefined>
}

/** So many handles are kept, for the nonces that they have learned; the one used longest ago goes first. */
const KEPT = 1000

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

export function proofKeys(client: Client, shared: CryptoKeyPair | undefined, perTransaction: boolean): ProofKeys {
  const sharedKey = shared && { keyPair: shared, handle: DPoP(client, shared) }
  const kept = new Map<string, ProofKey>()

  return {
    async generate() {
      if (!perTransaction) return undefined
      const { privateKey } = await generateKeyPair('ES256', { extractable: true })
      return await crypto.subtle.exportKey('jwk', privateKey)
    },
    async of(id, { dpop }) {
      if (dpop === undefined) return sharedKey
      const key = kept.get(id) ?? (await bound(client, dpop))
      kept.delete(id)
      kept.set(id, key)
      const [oldest] = kept.keys()
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
      return key
    },
  }
}

async function bound(client: Client, jwk: JsonWebKey): Promise<ProofKey> {
  const { d: _, key_ops: __, ...publicJwk } = jwk
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', jwk, ALGORITHM, true, ['sign']),
    crypto.subtle.importKey('jwk', publicJwk, ALGORITHM, true, ['verify']),
  ])
  const keyPair = { privateKey, publicKey }
  return { keyPair, handle: DPoP(client, keyPair) }
}
