import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { claimsOf, INSECURE, poll, startSession, tellPerson } from './session.ts'

/** A sign-in on a device without a browser (RFC 8628). */
export async function device(configuration: Configuration): Promise<object> {
  const { as, client, authentication, DPoP } = await startSession(configuration)
  const parameters = { scope: 'openid profile' }
  const { device_code, user_code } = await countersign.processDeviceAuthorizationResponse(
    as,
    client,
    await countersign.deviceAuthorizationRequest(as, client, authentication, parameters, INSECURE),
  )
  const [tokens, polls] = await poll(
    async () => {
      const options = { ...INSECURE, DPoP }
      const response = await countersign.deviceCodeGrantRequest(as, client, authentication, device_code, options)
      return await countersign.processDeviceCodeResponse(as, client, response)
    },
    () => tellPerson(configuration, 'device', user_code),
  )
  return { claims: claimsOf(tokens), tokenType: tokens.token_type, waited: polls > 1 }
}
