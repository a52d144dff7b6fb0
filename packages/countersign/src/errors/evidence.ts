/** A paragraph of a specification. */
export interface SpecReference {
  /** The document's short name, such as `OpenID Connect Core 1.0` or `RFC 9449`. */
  readonly document: string
  /** The section, with the item of its list in parentheses, such as `3.1.3.7 (2)`. */
  readonly section: string
}

/**
 * What an error knows beside its class and code. It is safe to log: nothing in it is a token, a secret or a claim about
 * a person; where such a value was compared, `expected` and `actual` describe it instead of repeating it.
 */
export interface Evidence {
  /** The rule that refused, such as `id-token.iss`. */
  readonly rule?: string
  /** The paragraph that asks for the rule. */
  readonly spec?: SpecReference
  /** What would have been accepted. */
  readonly expected?: unknown
  /** What came. */
  readonly actual?: unknown
  /** URL of the endpoint that answered. */
  readonly endpoint?: string
  /** HTTP status of the answer. */
  readonly status?: number
  /** `Content-Type` of the answer; `null` when it had none. */
  readonly contentType?: string | null
}

/** An `Error` that carries {@link Evidence}; what all error classes of this library have in common. */
export class EvidencedError extends Error implements Evidence {
  declare readonly rule?: string
  declare readonly spec?: SpecReference
  declare readonly expected?: unknown
  declare readonly actual?: unknown
  declare readonly endpoint?: string
  declare status?: number
  declare readonly contentType?: string | null

  constructor(message: string, options: { cause?: unknown; evidence?: Evidence } | undefined) {
    super(message, options)
    Object.assign(this, options?.evidence)
  }
}
