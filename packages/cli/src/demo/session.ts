import * as countersign from 'countersign'
import type { CheckLog } from './check-log.ts'
import { loggedFetch } from './exchange-log.ts'
import { DemoFailure, refuseBusy } from './failures.ts'
import type { DemoOptions } from './options.ts'
import type { Keyboard } from './person.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Terminal } from './terminal.ts'

/** Seconds to wait for an answer; CIBA Core §10.1 wants 30 and more where a server may hold the request. */
const ANSWER_WITHIN = 10
const TOKENS_WITHIN = 35

export interface Stage {
  readonly terminal: Terminal
  readonly keyboard: Keyboard | undefined
}

/** What every step of a sign-in needs. */
export interface Session extends Stage {
  readonly party: RelyingParty
  readonly options: DemoOptions
  readonly checks: CheckLog
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly authentication: countersign.ClientAuth
  readonly request: RequestOptions
}

type RequestOptions = ReturnType<typeof requestOptions>

/** How a sign-in ends, in every delivery mode. */
export interface Delivered {
  readonly accessToken: string
  /** Of the ID Token, validated, its signature verified. */
  readonly claims: countersign.IDToken
}

export function requestOptions(issuer: URL, terminal: Terminal, { trace }: CheckLog) {
  const send = loggedFetch(terminal)
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(issuer.hostname)
  return (seconds = ANSWER_WITHIN) => ({
    [countersign.customFetch]: send,
    [countersign.allowInsecureRequests]: loopback,
    [countersign.trace]: trace,
    signal: AbortSignal.timeout(seconds * 1000),
  })
}

export async function requestAuthentication(
  { party, options, as, client, authentication, request }: Session,
  additional: Readonly<Record<string, string>> = {},
) {
  const parameters = {
    ...party.parameters(options.loginHint),
    binding_message: options.bindingMessage,
    ...additional,
  }
  const response = await countersign.backchannelAuthenticationRequest(as, client, authentication, parameters, request())
  return await countersign.processBackchannelAuthenticationResponse(as, client, response)
}

export async function requestTokens({ as, client, authentication, request }: Session, authReqId: string) {
  const options = request(TOKENS_WITHIN)
  const response = await countersign.backchannelAuthenticationGrantRequest(
    as,
    client,
    authentication,
    authReqId,
    options,
  )
  refuseBusy(response)
  const tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
  return { response, tokens }
}

/** The claims of a token response's ID Token, once its signature is verified too. */
export async function deliveredBy(
  { as, request }: Session,
  { response, tokens }: Awaited<ReturnType<typeof requestTokens>>,
): Promise<Delivered> {
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (!claims) {
    throw new DemoFailure('the token response holds no ID Token, which OpenID Connect Core §3.1.3.3 requires')
  }
  await countersign.validateApplicationLevelSignature(as, response, request())
  return { accessToken: tokens.access_token, claims }
}

/** The person did not answer in time. */
export function expired(seconds: number): DemoFailure {
  return new DemoFailure(`nobody answered before the authentication request expired (${seconds} seconds)`)
}
