import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { INSECURE, startSession, withNonce } from './session.ts'

/**
 * An access token for the client itself, and the resource server's side of its use: the token is a JWT (RFC 9068) that is
 * bound to a key (RFC 9449).
 */
export async function clientCredentials(configuration: Configuration): Promise<object> {
  const { as, client, authentication, DPoP } = await startSession(configuration)
  const { resource } = configuration
  const tokens = await withNonce(async () => {
    const options = { ...INSECURE, DPoP }
    const parameters = { scope: 'read', resource }
    return await countersign.processClientCredentialsResponse(
      as,
      client,
      await countersign.clientCredentialsGrantRequest(as, client, authentication, parameters, options),
    )
  })

  let arrived: Request | undefined
  await countersign.protectedResourceRequest(tokens.access_token, 'GET', new URL(resource), undefined, undefined, {
    DPoP,
    [countersign.customFetch]: async (url, { method, headers }) => {
      arrived = new Request(url, { method, headers })
      return new Response()
    },
  })
  if (arrived === undefined) {
    throw new Error('nothing was sent to the resource')
  }
  const options = { ...INSECURE, requireDPoP: true, signingAlgorithms: [configuration.algorithm, 'ES256'] }
  const claims = await countersign.validateJwtAccessToken(as, arrived, resource, options)
  return { tokenType: tokens.token_type, claims }
}
