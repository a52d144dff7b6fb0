/** A chapter, and the sources whose exports it holds: files, or folders with a slash at the end, from those of the package. */
export type Chapter = readonly [title: string, sources: readonly string[]]

/** By the exchanges of the field, as somebody looks for them, and within a chapter by the order in which somebody meets them. */
export const OF_THE_LIBRARY: readonly Chapter[] = [
  ['Discovery', ['endpoints/discovery.ts', 'metadata/authorization-server.ts']],
  [
    'Authorization request: PKCE, PAR, JAR',
    [
      'authorization/pkce.ts',
      'authorization/state.ts',
      'authorization/nonce.ts',
      'authorization/pushed-request.ts',
      'authorization/request-object.ts',
    ],
  ],
  [
    'Authorization response: query, JARM, hybrid',
    ['authorization/response.ts', 'authorization/jarm.ts', 'authorization/hybrid.ts'],
  ],
  ['Authorization code', ['grants/authorization-code.ts', 'tokens/requested-claims.ts']],
  ['CIBA', ['backchannel-request/', 'endpoints/backchannel-authentication.ts', 'grants/ciba.ts']],
  ['CIBA: ping and push', ['callbacks/']],
  ['Device flow', ['endpoints/device-authorization.ts', 'grants/device-code.ts']],
  ['Polling, for CIBA and devices', ['polling/']],
  ['Refresh token', ['grants/refresh-token.ts']],
  ['Client credentials', ['grants/client-credentials.ts']],
  ['Any other grant', ['grants/generic.ts']],
  [
    'Tokens, ID Tokens and their signatures',
    ['tokens/', 'exchange/application-level-signature.ts', 'jwks/', 'grants/token-request.ts'],
  ],
  ['UserInfo', ['endpoints/userinfo.ts']],
  ['Introspection', ['endpoints/introspection.ts']],
  ['Revocation', ['endpoints/revocation.ts']],
  ['Client registration', ['endpoints/registration.ts']],
  ['The client and its authentication', ['metadata/client.ts', 'metadata/clock.ts', 'client-authentication/']],
  ['DPoP', ['dpop/']],
  [
    'Protected resources, as a client',
    ['exchange/protected-resource.ts', 'endpoints/resource-metadata.ts', 'metadata/resource-server.ts'],
  ],
  ['Protected resources, as their server', ['resource-server/']],
  ['Keys, signing and encryption', ['engine/', 'jose/']],
  ['HTTP', ['http/', 'metadata/body-size.ts']],
  [
    'Errors',
    [
      'errors/operation-processing-error.ts',
      'errors/unsupported-operation-error.ts',
      'errors/response-body-error.ts',
      'errors/www-authenticate-challenge-error.ts',
      'errors/authorization-response-error.ts',
      'errors/evidence.ts',
    ],
  ],
  ['Error codes', ['errors/codes.ts']],
  ['Trace and explanation', ['explain/', 'rules/']],
  ['JSON', ['values/']],
]

/** By what somebody wants: to begin, to get outcomes, to keep them, to watch. */
export const OF_THE_BACKCHANNEL: readonly Chapter[] = [
  ['Opening a backchannel', ['face/create.ts', 'settings/options.ts', 'sealing/key-ring.ts']],
  ['Transactions and their outcomes', ['face/backchannel.ts', 'transaction/outcome.ts', 'transaction/summary.ts']],
  ['Where transactions live', ['embedded/', 'redis/', 'backend/', 'transaction/record.ts']],
  ['Events, spans and metrics', ['opentelemetry/', 'events/']],
  ['Errors', ['errors/']],
]

/** The chapter of what a source file exports, and how far behind in it; `undefined` for a file that has none. */
export function placeOf(chapters: readonly Chapter[], source: string): { title: string; rank: number } | undefined {
  const holds = (place: string): boolean => (place.endsWith('/') ? source.startsWith(place) : source === place)
  for (const [title, sources] of chapters) {
    const rank = sources.findIndex(holds)
    if (rank !== -1) return { title, rank }
  }
  return undefined
}
