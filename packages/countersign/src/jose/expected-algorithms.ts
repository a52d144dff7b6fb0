/** The JWS algorithms that a kind of token may be signed by. */
export interface ExpectedAlgorithms {
  readonly names: readonly string[]
  /** What users of oauth4webapi find in an error's `cause` about where the names come from. */
  readonly particulars: Readonly<Record<string, unknown>>
}

/**
 * The JWS algorithms that a kind of token may be signed by: the one that the client registered, or else those that the
 * server publishes, or else the default, where there is one.
 */
export function expectedAlgorithms(
  registered: string | undefined,
  published: readonly string[] | undefined,
  fallback?: string,
): ExpectedAlgorithms {
  if (registered !== undefined) return expected([registered], registered, 'client configuration')
  // what a server publishes has not been looked at before
  if (Array.isArray(published)) return expected(published, published, 'authorization server metadata')
  if (fallback !== undefined) return expected([fallback], fallback, 'default value')
  return { names: [], particulars: { client: registered, issuer: published, fallback } }
}

function expected(names: readonly string[], expected: unknown, reason: string): ExpectedAlgorithms {
  return { names, particulars: { expected, reason } }
}
