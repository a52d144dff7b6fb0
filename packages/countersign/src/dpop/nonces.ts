/** How many origins a handle remembers the nonce of; beyond it, the one that was used longest ago is forgotten. */
const MAXIMUM_ORIGINS = 100

/** The nonces that servers gave, the latest of each origin (RFC 9449, sections 8 and 9). */
export type Nonces = Map<string, string>

/** The nonce to send to a URL. */
export function nonceFor(nonces: Nonces, { origin }: URL): string | undefined {
  const nonce = nonces.get(origin)
  if (nonce !== undefined) remember(nonces, origin, nonce)
  return nonce
}

/** Learns the nonce that an answer of any status brings (RFC 9449, section 8.2). */
export function learnNonce(nonces: Nonces, { origin }: URL, response: Response): void {
  // against the declared type: a function of the caller's may give anything, which is given on as it is
  const { headers } = Object(response) as Partial<Response>
  const nonce = headers?.get('dpop-nonce')
  if (nonce) remember(nonces, origin, nonce)
}

// a Map keeps the order of insertion: the first is the one used longest ago
function remember(nonces: Nonces, origin: string, nonce: string): void {
  nonces.delete(origin)
  nonces.set(origin, nonce)
  if (nonces.size > MAXIMUM_ORIGINS) {
    for (const oldest of nonces.keys()) {
      nonces.delete(oldest)
      break
    }
  }
}
