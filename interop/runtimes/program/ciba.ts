import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { claimsOf, INSECURE, startSession, tellPerson, userInfoOf } from './session.ts'

/** One sign-in in poll mode (CIBA Core 1.0), with DPoP, the signature of the ID Token, and UserInfo. */
export async function ciba(configuration: Configuration): Promise<object> {
  const session = await startSession(configuration)
  const { as, client, authentication, DPoP } = session
  const parameters = { scope: 'openid profile', login_hint: 'anna', binding_message: 'W4SCT' }
  const sentAt = Date.now()
  const acknowledgement = await countersign.processBackchannelAuthenticationResponse(
    as,
    client,
    await countersign.backchannelAuthenticationRequest(as, client, authentication, parameters, INSECURE),
  )

  // a server that names no interval means 5 seconds, for which nobody waits here
  const transaction = countersign.cibaTransaction({ ...acknowledgement, interval: 1 }, sentAt)
  let waited = false
  const { tokens, response } = await countersign.poll(as, client, transaction, {
    clientAuthentication: authentication,
    DPoP,
    ...INSECURE,
    async onProgress() {
      waited = true
      await tellPerson(configuration, 'ciba', transaction.auth_req_id)
    },
  })
  await countersign.validateApplicationLevelSignature(as, response, INSECURE)
  const claims = claimsOf(tokens)
  const userInfo = await userInfoOf(session, tokens, claims.sub)
  return { claims, tokenType: tokens.token_type, userInfo, waited }
}
