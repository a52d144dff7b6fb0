import * as countersign from 'countersign'
import type { Configuration } from './configuration.ts'
import { discover, INSECURE } from './session.ts'

/** Registers a client (RFC 7591), which then gets a token with the secret that the server gave it. */
export async function registration(configuration: Configuration): Promise<object> {
  const as = await discover(configuration)
  const client = await countersign.processDynamicClientRegistrationResponse(
    await countersign.dynamicClientRegistrationRequest(
      as,
      {
        client_name: 'registered by a program',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: configuration.algorithm,
      },
      INSECURE,
    ),
  )
  if (typeof client.client_secret !== 'string') {
    throw new Error('the server gave no secret')
  }
  const authentication = countersign.ClientSecretBasic(client.client_secret)
  const parameters = { scope: 'read', resource: configuration.resource }
  const tokens = await countersign.processClientCredentialsResponse(
    as,
    client,
    await countersign.clientCredentialsGrantRequest(as, client, authentication, parameters, INSECURE),
  )
  return { name: client.client_name, tokenType: tokens.token_type }
}
