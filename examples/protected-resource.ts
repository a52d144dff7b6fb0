// Calls an API with an access token that is bound to a key (DPoP, RFC 9449): who steals the token cannot use it.
import * as countersign from 'countersign'

export interface Context {
  readonly accessToken: string
  /** Made by DPoP(), of the key that the token is bound to: the very handle that the token was asked for with. */
  readonly DPoP: countersign.DPoPHandle
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

export async function post({ accessToken, DPoP, options }: Context, url: URL, order: object): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json', 'content-type': 'application/json' })
  const body = JSON.stringify(order)
  const request = (): Promise<Response> =>
    countersign.protectedResourceRequest(accessToken, 'POST', url, headers, body, { ...options, DPoP })

  const response = await request().catch(async (error: unknown) => {
    // §9: the API wants its nonce in the proof, and the handle has just learned it; a body that is a stream is spent now
    if (countersign.isDPoPNonceError(error)) return await request()
    throw error
  })
  // challenges are errors; any other answer is the caller's to judge
  if (!response.ok) throw new Error(`the API answered ${response.status}`)
  return await response.json()
}
