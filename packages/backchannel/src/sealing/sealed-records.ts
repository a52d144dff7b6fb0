import type { IDToken, TokenEndpointResponse } from 'countersign'
import type { RawAnswer, TransactionSecret } from '../transaction/record.ts'
import type { KeyRing } from './key-ring.ts'

/** Tokens and claims that were validated, as they are kept until they are taken. */
export interface ValidatedTokens {
  readonly tokens: TokenEndpointResponse
  readonly claims?: IDToken
}

/** What is sealed of a record, by the member that holds it. */
interface SealedParts {
  readonly secret: TransactionSecret
  readonly answer: RawAnswer
  readonly tokens: ValidatedTokens
}

/** Seals the parts of records. Each opens in its own record and member only. */
export interface Sealing {
  seal<Part extends keyof SealedParts>(part: Part, id: string, value: SealedParts[Part]): Promise<string>
  unseal<Part extends keyof SealedParts>(part: Part, id: string, sealed: string): Promise<SealedParts[Part]>
}

export function sealingWith(ring: KeyRing): Sealing {
  return {
    seal: (part, id, value) => ring.seal(JSON.stringify(value), `${part}/${id}`),
    unseal: async <Part extends keyof SealedParts>(part: Part, id: string, sealed: string) =>
      // it was sealed by the function above, for the same part of the same record: the ring holds that
      JSON.parse(await ring.unseal(sealed, `${part}/${id}`)) as SealedParts[Part],
  }
}
