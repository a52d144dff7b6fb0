/**
 * The JWS algorithms that a kind of token may be signed by: the one that the client registered, or else those that the
 * server publishes, or else the default. A server's list alone does not allow `none`, which only a registration can ask
 * for.
 */
export function expectedAlgorithms(
  registered: string | undefined,
  published: readonly string[] | undefined,
  fallback: readonly string[],
): readonly string[] {
  if (registered !== undefined) return [registered]
  // OIDC Core §2: none only where the client requested it at registration time
  return Array.isArray(published) ? published.filter((alg) => alg !== 'none') : fallback
}
