import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { backchannelAuthenticationGrantRequest, processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { deviceCodeGrantRequest, processDeviceCodeResponse } from '../grants/device-code.ts'
import type { TokenEndpointRequestOptions } from '../grants/token-request.ts'
import { BODY_READ } from '../http/body.ts'
import { dispatch } from '../http/fetch.ts'
import { customFetch } from '../http/options.ts'
import { retryAfter } from '../http/retry-after.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { aboutDocument } from '../rules/context.ts'
import { check } from '../rules/check.ts'
import { trace } from '../rules/trace.ts'
import { checkAcr } from '../tokens/requested-claims.ts'
import type { TokenEndpointResponse } from '../tokens/token-endpoint-response.ts'
import { ID_TOKEN_EXPECTED } from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { throwIfAborted } from './aborted.ts'
import { bounded } from './bounded.ts'
import type { Clock } from './clock.ts'
import type { PollOnceOptions } from './options.ts'
import type { Fault, Timing } from './pacing.ts'
import { CIBA_GRANT, type CibaTransaction, type PollingTransaction } from './transaction.ts'

/** What became of a token request. */
export type Answer = Tokens | Refusal | Failure

/** The tokens, everything about them valid. */
interface Tokens {
  readonly kind: 'tokens'
  readonly tokens: TokenEndpointResponse
  readonly response: Response
}

/** The server's own error, or the rule that refused its answer. */
interface Refusal {
  readonly kind: 'refusal'
  readonly error: unknown
  readonly retryAfter?: number | undefined
}

/** No answer of the authorization server. */
interface Failure extends Fault {
  readonly kind: 'failure'
  readonly error: unknown
  readonly retryAfter?: number | undefined
}

/**
 * Sends one token request, and waits some seconds for the answer. What nothing was sent for, such as a wrong argument, it
 * rejects with.
 */
export async function ask(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  options: PollOnceOptions,
  clock: Clock,
  seconds: number,
): Promise<Answer & Timing> {
  let requestedAt = clock.now()
  let sent = false
  let failed = false

  const transport: NonNullable<TokenEndpointRequestOptions[typeof customFetch]> = async (url, request) => {
    // what authenticates the client may have taken until nobody waits any more
    throwIfAborted(request.signal)
    requestedAt = clock.now()
    sent = true
    try {
      return await dispatch(url, request, options)
    } catch (failure) {
      failed = true
      throw failure
    }
  }
  const unheard = (error: unknown): Failure => ({ kind: 'failure', error, network: true, unanswered: sent })

  const exchange = async (signal: AbortSignal): Promise<Answer> => {
    try {
      const response = await request(as, client, transaction, { ...options, signal, [customFetch]: transport })
      return await read(as, client, transaction, response, options, clock)
    } catch (error) {
      if (failed || isBrokenOff(error)) return unheard(error)
      throw error
    }
  }
  const answer = await bounded(clock, seconds * 1000, options.signal, exchange, unheard)
  return { ...answer, requestedAt, answeredAt: clock.now() }
}

function request(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  options: TokenEndpointRequestOptions & Pick<PollOnceOptions, 'clientAuthentication'>,
): Promise<Response> {
  const { clientAuthentication } = options
  return transaction.grant_type === CIBA_GRANT
    ? backchannelAuthenticationGrantRequest(as, client, clientAuthentication, transaction.auth_req_id, options)
    : deviceCodeGrantRequest(as, client, clientAuthentication, transaction.device_code, options)
}

async function read(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  response: Response,
  options: PollOnceOptions,
  clock: Clock,
): Promise<Answer> {
  try {
    return { kind: 'tokens', tokens: await process(as, client, transaction, response, options), response }
  } catch (error) {
    if (isBrokenOff(error)) throw error
    const told = { error, retryAfter: retryAfter(response, clock.now()) }
    // CIBA Core §11: an error document tells more than the status, also where that is 429
    const overloaded = response.status === 503 || (response.status === 429 && !(error instanceof ResponseBodyError))
    if (response.status < 500 && !overloaded) return { kind: 'refusal', ...told }
    // nobody reads it, and unread it would hold its connection
    void response.body?.cancel().catch(() => undefined)
    // a server that fails, or a gateway that hears nothing more from it, may have carried the request out before
    return { kind: 'failure', ...told, network: false, unanswered: !overloaded }
  }
}

async function process(
  as: AuthorizationServer,
  client: Client,
  transaction: PollingTransaction,
  response: Response,
  options: PollOnceOptions,
): Promise<TokenEndpointResponse> {
  if (transaction.grant_type !== CIBA_GRANT) return await processDeviceCodeResponse(as, client, response, options)
  const tokens = await processBackchannelAuthenticationGrantResponse(as, client, response, options)
  checkIdToken(client, transaction, response, tokens)
  return tokens
}

/** CIBA Core §10.1.1: success is a token response of OpenID Connect, which has an ID Token. */
function checkIdToken(
  client: Client,
  { acr_values: acrValues }: CibaTransaction,
  response: Response,
  tokens: TokenEndpointResponse,
): void {
  const context = { trace: client[trace], response }
  const claims = getValidatedIdTokenClaims(tokens)
  const aboutBody = aboutDocument(context, 'body', tokens)
  check(aboutBody, ID_TOKEN_EXPECTED, claims !== undefined, 'an ID Token', 'none')
  if (acrValues !== undefined) checkAcr(context, claims, acrValues)
}

/** The answer did not arrive whole. */
function isBrokenOff(error: unknown): boolean {
  return error instanceof OperationProcessingError && error.rule === BODY_READ.id
}
