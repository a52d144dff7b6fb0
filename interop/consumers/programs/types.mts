// What programs say with the types of the library. Each line beneath an expected error is refused by the compiler.
import {
  type AuthorizationServer,
  type BackchannelAuthenticationRequestOptions,
  backchannelAuthenticationRequest,
  type BackchannelAuthenticationResponse,
  type Client,
  type ClientAuth,
  customFetch,
  expectNoNonce,
  type JWSAlgorithm,
  None,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processBackchannelAuthenticationResponse,
  ResponseBodyError,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'countersign'
import { explain } from 'countersign/explain'

export const as: AuthorizationServer = { issuer: 'https://op.example', token_endpoint: 'https://op.example/token' }
export const client: Client = { client_id: 'shop', require_auth_time: true, anything: 'else' }
export const authentication: ClientAuth = None()
export const algorithm: JWSAlgorithm = 'ES256'
export const options: BackchannelAuthenticationRequestOptions = {
  headers: { accept: 'application/json' },
  signal: AbortSignal.timeout(1000),
  [customFetch]: async (url, init) => fetch(url, { method: init.method, body: init.body, headers: init.headers }),
}

/** Given the symbol by another module, the option is the same one. */
export function withFetch(symbol: typeof customFetch): BackchannelAuthenticationRequestOptions {
  return { [symbol]: (url: string) => Promise.resolve(new Response(url)) }
}

export async function authenticate(): Promise<string | undefined> {
  try {
    const parameters = { scope: 'openid', login_hint: 'anna' }
    const response = await backchannelAuthenticationRequest(as, client, authentication, parameters, options)
    const answer: BackchannelAuthenticationResponse = await processBackchannelAuthenticationResponse(
      as,
      client,
      response,
    )
    const expiresIn: number = answer.expires_in
    return `${answer.auth_req_id} ${expiresIn} ${answer.interval ?? 5}`
  } catch (error) {
    if (error instanceof ResponseBodyError) return `${error.error} ${error.status} ${error.response.status}`
    if (error instanceof WWWAuthenticateChallengeError) return error.cause[0]?.scheme
    if (error instanceof OperationProcessingError) return `${error.code ?? ''} ${String(explain(error))}`
    throw error
  }
}

export async function redeem(response: Response): Promise<TokenEndpointResponse> {
  return await processAuthorizationCodeResponse(as, client, response, { expectedNonce: expectNoNonce, maxAge: 60 })
}

export async function mistakes(response: Response): Promise<void> {
  // @ts-expect-error an issuer there must be
  const server: AuthorizationServer = {}
  // @ts-expect-error no such algorithm
  const none: JWSAlgorithm = 'none'
  // @ts-expect-error a symbol of another option
  await processAuthorizationCodeResponse(as, client, response, { expectedNonce: customFetch })
  const tokens = await processAuthorizationCodeResponse(as, client, response)
  // @ts-expect-error what was answered is not to be changed
  tokens.access_token = `${server.issuer}${none}`
  // @ts-expect-error with exactOptionalPropertyTypes
  const undefinedMember: Client = { client_id: 'shop', default_max_age: undefined }
  throw new Error(undefinedMember.client_id)
}
