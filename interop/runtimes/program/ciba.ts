import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { claimsOf, INSECURE, poll, startSession, tellPerson, userInfoOf } from './session.ts'

/** One sign-in in poll mode (CIBA Core 1.0), with DPoP, the signature of the ID Token, and UserInfo. */
export async function ciba(configuration: Configuration): Promise<object> {
  const session = await startSession(configuration)
  const { as, client, authentication, DPoP } = session
  const parameters = { scope: 'openid profile', login_hint: 'anna', binding_message: 'W4SCT' }
  const { auth_req_id } = await countersign.processBackchannelAuthenticationResponse(
    as,
    client,
    await countersign.backchannelAuthenticationRequest(as, client, authentication, parameters, INSECURE),
  )

  const [{ tokens, response }, polls] = await poll(
    async () => {
      const options = { ...INSECURE, DPoP }
      const response = await countersign.backchannelAuthenticationGrantRequest(
        as,
        client,
        authentication,
        auth_req_id,
        options,
      )
      return {
        response,
        tokens: await countersign.processBackchannelAuthenticationGrantResponse(as, client, response),
      }
    },
    () => tellPerson(configuration, 'ciba', auth_req_id),
  )
  await countersign.validateApplicationLevelSignature(as, response, INSECURE)
  const claims = claimsOf(tokens)
  const userInfo = await userInfoOf(session, tokens, claims.sub)
  return { claims, tokenType: tokens.token_type, userInfo, waited: polls > 1 }
}
