// What a platform cannot do of what the others can, with the reason.

/** An algorithm that a platform's Web Cryptography does not have. */
export interface Limit {
  /** A runtime or browser by the name of its tests. */
  readonly platforms: readonly string[]
  readonly algorithms: readonly string[]
  /** What the platform answers. */
  readonly error: { readonly name: string }
  readonly reason: string
}

const ML_DSA = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

/** The tests hold these both ways: what is not here works, and what is here is refused as it says here. */
const LIMITS: readonly Limit[] = [
  {
    platforms: ['Node 20', 'Node 22', 'workerd', 'Firefox', 'WebKit'],
    algorithms: ML_DSA,
    error: { name: 'NotSupportedError' },
    reason: 'its Web Cryptography does not have ML-DSA; that of Node 24, Bun, Deno and Chromium has',
  },
]

export function cannot(platform: string, algorithm: string): Limit | undefined {
  return LIMITS.find(({ platforms, algorithms }) => platforms.includes(platform) && algorithms.includes(algorithm))
}

/*
 * What is not tried here on any platform but the Node of the machine, elsewhere in `interop/`:
 *
 * - Mutual TLS (RFC 8705), and servers whose certificate is the test's own: `fetch` has no standard way to choose a
 *   certificate. Bun, Deno and workerd have one of their own each (an option of `fetch`, a client made by
 *   `Deno.createHttpClient`, a binding), which is no matter of this library: it comes in by `customFetch`. A page has
 *   none; the browser chooses.
 *
 * What a page can do only where the server lets it (CORS): every request but a navigation. The provider here lets pages
 * of http://localhost read its answers, `DPoP-Nonce` and `WWW-Authenticate` among them; where these two headers are not
 * exposed, a page cannot learn a DPoP nonce that came with a success, nor see a challenge.
 *
 * What a page cannot do at all: name itself in `User-Agent`, and so this library does not try there.
 */
