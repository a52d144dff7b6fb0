/** Hash algorithms. */
export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Parameters of a signature algorithm: of its keys, and of a signature with one. */
export interface SignatureParameters {
  readonly key: { readonly name: string; readonly hash?: HashName; readonly namedCurve?: string }
  readonly signature: { readonly name: string; readonly hash?: HashName; readonly saltLength?: number }
}
