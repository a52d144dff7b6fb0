import { type DPoPRequestOptions, proverOf } from '../dpop/handle.ts'
import { invalidArgument } from '../errors/invalid-argument.ts'
import { send } from '../http/fetch.ts'
import type { HttpRequestOptions } from '../http/options.ts'

/** Sends a request with the access token that it needs, bound to a key where the caller has one. */
export async function resourceRequest<Method extends string, Body>(
  accessToken: string | undefined,
  url: URL,
  method: Method,
  headers: Headers,
  body: Body,
  options: HttpRequestOptions<Method, Body> & DPoPRequestOptions,
): Promise<Response> {
  const prover = proverOf(options)
  await prover?.setProof(headers, { url, method: method.toUpperCase(), accessToken })
  // RFC 9449 §7.1: a token that comes with a proof, also with one of the caller's own, has the scheme DPoP
  const scheme = headers.has('dpop') ? 'DPoP' : 'Bearer'
  if (accessToken !== undefined) setAuthorization(headers, `${scheme} ${accessToken}`)
  const response = await send(url, method, headers, body, options)
  prover?.learnNonce(url, response)
  return response
}

function setAuthorization(headers: Headers, credentials: string): void {
  try {
    headers.set('authorization', credentials)
  } catch {
    // the platform's message repeats the token
    throw invalidArgument('"accessToken" has characters that no header can hold', 'ERR_INVALID_ARG_VALUE')
  }
}
