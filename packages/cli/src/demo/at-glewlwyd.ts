import { ClientSecretPost, generateRandomState } from 'countersign'
import { GLEWLWYD, type Glewlwyd, isInstalled, PERSON, setupOf, startGlewlwyd } from '../servers/index.ts'
import { DemoFailure } from './failures.ts'
import {
  CLIENT_ID,
  CLIENT_NAME,
  type Delivery,
  type Phone,
  registrationOf,
  type RelyingParty,
} from './relying-party.ts'

/** glewlwyd tells a client nothing of a refusal, so that a request which will be refused had better expire soon. */
const SECONDS_TO_REFUSE = 8

/** Says how to get glewlwyd where it is missing, before anything is started. */
export function assertGlewlwyd(): void {
  if (!isInstalled(GLEWLWYD)) {
    throw new DemoFailure(`push mode needs glewlwyd, the provider that pushes; to install it: ${setupOf(GLEWLWYD)}`)
  }
}

/** Starts glewlwyd and registers a client with a secret made for this run. */
export async function atGlewlwyd(
  delivery: Extract<Delivery, { readonly mode: 'push' }>,
  willBeRefused: boolean,
): Promise<RelyingParty> {
  const client_secret = generateRandomState()
  const glewlwyd = await startGlewlwyd()
  try {
    await glewlwyd.addClient({
      client_id: CLIENT_ID,
      name: CLIENT_NAME,
      client_secret,
      token_endpoint_auth_method: ['client_secret_post'],
      authorization_type: ['urn:openid:params:grant-type:ciba', 'refresh_token'],
      ...registrationOf(delivery),
    })
  } catch (error) {
    await glewlwyd.stop()
    throw error
  }
  return {
    issuer: new URL(glewlwyd.issuer),
    client: { client_id: CLIENT_ID, id_token_signed_response_alg: 'RS256' },
    delivery,
    authentication: () => Promise.resolve(ClientSecretPost(client_secret)),
    parameters: (loginHint) => ({
      scope: 'openid profile',
      // it wants JSON
      login_hint: JSON.stringify({ username: loginHint }),
      ...(willBeRefused && { requested_expiry: String(SECONDS_TO_REFUSE) }),
    }),
    phone: phoneAt(glewlwyd),
    close: () => glewlwyd.stop(),
  }
}

/** The page on which glewlwyd asks the one person whom it knows. It names requests by their client. */
function phoneAt(glewlwyd: Glewlwyd): Phone {
  return {
    async waitFor(authReqId) {
      const { client_name, binding_message, scopes } = await glewlwyd.waiting(CLIENT_ID)
      return {
        authReqId,
        clientId: CLIENT_ID,
        clientName: client_name,
        accountId: PERSON.username,
        scope: scopes.join(' '),
        bindingMessage: binding_message,
        acrValues: undefined,
      }
    },
    approve: () => glewlwyd.approve(CLIENT_ID),
    deny: () => glewlwyd.deny(CLIENT_ID),
  }
}
