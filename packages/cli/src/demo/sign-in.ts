import * as countersign from 'countersign'
import { byPing } from './by-ping.ts'
import { byPoll } from './by-poll.ts'
import { byPush } from './by-push.ts'
import { checkLog } from './check-log.ts'
import { printClaims } from './claims.ts'
import type { DemoOptions } from './options.ts'
import type { RelyingParty } from './relying-party.ts'
import { type Delivered, requestOptions, type Session, type Stage } from './session.ts'

/** Signs a person in over CIBA, and shows every step. Returns the validated claims of the ID Token. */
export async function signIn(party: RelyingParty, options: DemoOptions, stage: Stage): Promise<countersign.IDToken> {
  const { terminal } = stage
  const session = await discover(party, options, stage)
  const { as, checks } = session
  const { accessToken, claims } = await delivered(session)
  terminal.paragraph(`  ${terminal.green('✓ signed by a key that the provider publishes')}`)
  printClaims(terminal, claims, (claim) =>
    checks.rulesAbout(['jwt', 'id-token', 'push-callback'], claim.replace('urn:openid:params:jwt:claim:', '')),
  )

  if (as.userinfo_endpoint !== undefined) {
    terminal.heading('UserInfo: what the provider tells about the person')
    const userInfo = await requestUserInfo(session, accessToken, claims.sub)
    printClaims(terminal, userInfo, (claim) => checks.rulesAbout(['userinfo'], claim))
  }
  const listed = options.trace ? '' : '; npm start -- --trace lists them'
  terminal.paragraph(`  ${terminal.green(`✓ ${checks.passed()} checks were applied, and all passed`)}${listed}`)
  return claims
}

async function discover(party: RelyingParty, options: DemoOptions, stage: Stage): Promise<Session> {
  const { issuer } = party
  const { terminal, keyboard } = stage
  const checks = checkLog(terminal, options.trace)
  const client: countersign.Client = { ...party.client, [countersign.trace]: checks.trace }
  const request = requestOptions(issuer, terminal, checks)
  terminal.heading('Discovery: what the provider says about itself')
  const discovered = await countersign.discoveryRequest(issuer, request())
  const as = await countersign.processDiscoveryResponse(issuer, discovered, request())
  return {
    party,
    options,
    terminal,
    keyboard,
    checks,
    as,
    client,
    authentication: await party.authentication(),
    request,
  }
}

function delivered(session: Session): Promise<Delivered> {
  const { delivery } = session.party
  switch (delivery.mode) {
    case 'poll':
      return byPoll(session)
    case 'ping':
      return byPing(session, delivery.endpoint)
    case 'push':
      return byPush(session, delivery.endpoint)
  }
}

async function requestUserInfo({ as, client, request }: Session, accessToken: string, sub: string) {
  const response = await countersign.userInfoRequest(as, client, accessToken, request())
  return await countersign.processUserInfoResponse(as, client, sub, response)
}
