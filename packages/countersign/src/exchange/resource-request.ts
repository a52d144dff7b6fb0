import { type DPoPRequestOptions, proverOf } from '../dpop/handle.ts'
import { assertString } from '../errors/invalid-argument.ts'
import { send } from '../http/fetch.ts'
import type { HttpRequestOptions } from '../http/options.ts'

/** Sends a request with an access token, bound to a key where the caller has one. */
export async function resourceRequest<Method extends string, Body>(
  accessToken: string,
  url: URL,
  method: Method,
  headers: Headers,
  body: Body,
  options: HttpRequestOptions<Method, Body> & DPoPRequestOptions,
): Promise<Response> {
  assertString(accessToken, 'accessToken')
  const prover = proverOf(options)
  await prover?.setProof(headers, { url, method, accessToken })
  // RFC 9449 §7.1: a token that comes with a proof, also with one of the caller's own, has the scheme DPoP
  headers.set('authorization', `${headers.has('dpop') ? 'DPoP' : 'Bearer'} ${accessToken}`)
  const response = await send(url, method, headers, body, options)
  prover?.learnNonce(url, response)
  return response
}
