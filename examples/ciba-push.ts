// CIBA in push mode: the server delivers the tokens, or the error, to this program when the person has answered.
import * as countersign from 'countersign'
import type { Handler } from './node-http.ts'

export interface Context {
  readonly as: countersign.AuthorizationServer
  /** Registered with `backchannel_token_delivery_mode` `push`, and the URL at which the handler is served. */
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `signal`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch>
}

/** Kept for each transaction. A program that outlives its process keeps it in a database. */
export interface Transaction extends countersign.CallbackExpectation {
  auth_req_id?: string
  /** When the server will not push any more, in milliseconds since 1970. */
  expiresAt: number
  /** What the server has pushed. */
  outcome?: countersign.PushCallback
}

export interface PushClient {
  /** To be served at `backchannel_client_notification_endpoint`, such as with `createServer(options, listenerOf(…))`. */
  readonly notificationEndpoint: Handler
  /** Asks for an authentication; what becomes of it is in the transaction, sooner or later. */
  start(parameters: Record<string, string>): Promise<Transaction>
}

export function pushClient({ as, client, clientAuth, options }: Context): PushClient {
  const transactions = new Map<string, Transaction>() // by the hash of their token

  async function notificationEndpoint(request: Request): Promise<Response> {
    let transaction: Transaction | undefined
    try {
      const outcome = await countersign.validatePushCallback(as, client, request, {
        ...options,
        findTransaction({ client_notification_token_hash: hash }) {
          transaction = transactions.get(hash)
          // a push that comes too late is answered like one with a wrong token
          return transaction !== undefined && Date.now() < transaction.expiresAt ? transaction : undefined
        },
      })
      // the server may repeat a push that it believes lost: the first one counts
      if (transaction !== undefined) transaction.outcome ??= outcome
      return countersign.callbackResponse()
    } catch (error) {
      return countersign.callbackResponse(error)
    }
  }

  async function start(parameters: Record<string, string>): Promise<Transaction> {
    const client_notification_token = countersign.generateClientNotificationToken()
    const hash = await countersign.hashClientNotificationToken(client_notification_token)
    // known before the request is sent: the push can overtake its answer, or that can be lost
    const sentAt = Date.now()
    const transaction: Transaction = { client_notification_token_hash: hash, expiresAt: sentAt + 60_000 }
    transactions.set(hash, transaction)
    const started = await countersign.processBackchannelAuthenticationResponse(
      as,
      client,
      await countersign.backchannelAuthenticationRequest(
        as,
        client,
        clientAuth,
        { scope: 'openid', ...parameters, client_notification_token },
        options,
      ),
    )
    transaction.auth_req_id = started.auth_req_id
    transaction.expiresAt = sentAt + started.expires_in * 1000
    return transaction
  }

  return { notificationEndpoint, start }
}
