import * as countersign from 'countersign'
import { checkLog, type CheckLog } from './check-log.ts'
import { printClaims } from './claims.ts'
import { loggedFetch } from './exchange-log.ts'
import { DemoFailure, refuseBusy } from './failures.ts'
import type { DemoOptions } from './options.ts'
import type { Keyboard } from './person.ts'
import { showPhone } from './phone-screen.ts'
import { pollForTokens, systemClock } from './polling.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Terminal } from './terminal.ts'

/** Seconds to wait for an answer; CIBA Core §10.1 wants 30 and more where a server may hold the request. */
const ANSWER_WITHIN = 10
const TOKENS_WITHIN = 35

interface Stage {
  readonly terminal: Terminal
  readonly keyboard: Keyboard | undefined
}

/** What every request to the provider needs. */
interface Session {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly authentication: countersign.ClientAuth
  readonly request: ReturnType<typeof requestOptions>
}

/** Signs a person in over CIBA, poll mode, and shows every step. Returns the validated claims of the ID Token. */
export async function signIn(party: RelyingParty, options: DemoOptions, stage: Stage): Promise<countersign.IDToken> {
  const { terminal } = stage
  const { issuer } = party
  const checks = checkLog(terminal, options.trace)
  const client: countersign.Client = { ...party.client, [countersign.trace]: checks.trace }
  const request = requestOptions(issuer, terminal, checks)

  terminal.heading('Discovery: what the provider says about itself')
  const discovered = await countersign.discoveryRequest(issuer, request())
  const as = await countersign.processDiscoveryResponse(issuer, discovered, request())

  terminal.heading('CIBA authentication request')
  const session = { as, client, authentication: await party.authentication(), request }
  const sentAt = performance.now()
  const acknowledgement = await requestAuthentication(session, options)

  terminal.heading('The person decides, while the client polls for the tokens')
  const ended = new AbortController()
  const answer = await showPhone(party.phone, acknowledgement.auth_req_id, {
    terminal,
    keyboard: options.deny ? undefined : stage.keyboard,
    refuses: options.deny,
    signal: ended.signal,
  })
  const answering = answer()
  const polling = pollForTokens(
    { expiresIn: acknowledgement.expires_in, interval: acknowledgement.interval, sentAt },
    () => requestTokens(session, acknowledgement.auth_req_id),
    (line) => {
      terminal.paragraph(`  ${terminal.dim(`poll: ${line}`)}`)
    },
    systemClock(ended.signal),
  )
  const [{ response, tokens }] = await Promise.all([polling, answering]).finally(() => {
    ended.abort()
  })

  terminal.heading('The ID Token: signature and claims')
  const claims = await validatedClaims(session, response, tokens)
  terminal.paragraph(`  ${terminal.green('✓ signed by a key that the provider publishes')}`)
  printClaims(terminal, claims, (claim) => checks.rulesAbout(['jwt', 'id-token'], claim))

  if (as.userinfo_endpoint !== undefined) {
    terminal.heading('UserInfo: what the provider tells about the person')
    const userInfo = await requestUserInfo(session, tokens.access_token, claims.sub)
    printClaims(terminal, userInfo, (claim) => checks.rulesAbout(['userinfo'], claim))
  }
  const listed = options.trace ? '' : '; npm start -- --trace lists them'
  terminal.paragraph(`  ${terminal.green(`✓ ${checks.passed()} checks were applied, and all passed`)}${listed}`)
  return claims
}

function requestOptions(issuer: URL, terminal: Terminal, { trace }: CheckLog) {
  const send = loggedFetch(terminal)
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(issuer.hostname)
  return (seconds = ANSWER_WITHIN) => ({
    [countersign.customFetch]: send,
    [countersign.allowInsecureRequests]: loopback,
    [countersign.trace]: trace,
    signal: AbortSignal.timeout(seconds * 1000),
  })
}

async function requestAuthentication({ as, client, authentication, request }: Session, options: DemoOptions) {
  const parameters = {
    scope: 'openid profile email',
    login_hint: options.loginHint,
    binding_message: options.bindingMessage,
  }
  const response = await countersign.backchannelAuthenticationRequest(as, client, authentication, parameters, request())
  return countersign.processBackchannelAuthenticationResponse(as, client, response)
}

async function requestTokens({ as, client, authentication, request }: Session, authReqId: string) {
  const response = await countersign.backchannelAuthenticationGrantRequest(
    as,
    client,
    authentication,
    authReqId,
    request(TOKENS_WITHIN),
  )
  refuseBusy(response)
  const tokens = await countersign.processBackchannelAuthenticationGrantResponse(as, client, response)
  return { response, tokens }
}

async function validatedClaims(
  { as, request }: Session,
  response: Response,
  tokens: countersign.TokenEndpointResponse,
): Promise<countersign.IDToken> {
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (!claims) {
    throw new DemoFailure('the token response holds no ID Token, which OpenID Connect Core §3.1.3.3 requires')
  }
  await countersign.validateApplicationLevelSignature(as, response, request())
  return claims
}

async function requestUserInfo({ as, client, request }: Session, accessToken: string, sub: string) {
  const response = await countersign.userInfoRequest(as, client, accessToken, request())
  return countersign.processUserInfoResponse(as, client, sub, response)
}
