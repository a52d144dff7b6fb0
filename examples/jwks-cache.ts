// An API on an edge platform: each request may run in a fresh process without memory, so that the server's keys are kept
// in a store of the platform. In the style of a worker: `export default { fetch }`.
import * as countersign from 'countersign'

/** The part of a key-value store that is needed. Whoever can write there decides which signatures are good. */
export interface KeyValueStore {
  get(name: string, type: 'json'): Promise<countersign.JWKSCacheInput | null>
  put(name: string, value: string, options: { expirationTtl: number }): Promise<void>
}

export interface Environment {
  readonly as: countersign.AuthorizationServer
  readonly resource: string
  readonly store: KeyValueStore
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function answer(request: Request, environment: Environment): Promise<Response> {
  const { as, resource, store, options } = environment
  const name = `jwks of ${as.issuer}`
  const jwksCache: countersign.JWKSCacheInput = (await store.get(name, 'json')) ?? {}
  const { uat } = jwksCache
  try {
    const validation = { ...options, [countersign.jwksCache]: jwksCache }
    const { sub } = await countersign.validateJwtAccessToken(as, request, resource, validation)
    return Response.json({ sub })
  } catch (error) {
    const refused =
      error instanceof countersign.OperationProcessingError || error instanceof countersign.UnsupportedOperationError
    // what has a status is about the answer with the server's keys, and no fault of the request
    if (!refused || error.status !== undefined) throw error
    return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })
  } finally {
    // keys that were fetched anew are worth keeping whatever became of the request
    if (jwksCache.uat !== uat) await store.put(name, JSON.stringify(jwksCache), { expirationTtl: 300 })
  }
}
