/**
 * The JWS algorithms that a kind of token may be signed by: the one that the client registered, or else those that the
 * server publishes, or else the default.
 */
export function expectedAlgorithms(
  registered: string | undefined,
  published: readonly string[] | undefined,
  fallback: readonly string[],
): readonly string[] {
  if (registered !== undefined) return [registered]
  // what a server publishes has not been looked at before
  return Array.isArray(published) ? published : fallback
}
