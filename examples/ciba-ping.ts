// CIBA in ping mode: the server calls this program when the person has answered, and then the program asks for the tokens.
import { setTimeout as sleep } from 'node:timers/promises'
import * as countersign from 'countersign'
import type { Handler } from './node-http.ts'

export interface Context {
  readonly as: countersign.AuthorizationServer
  /** Registered with `backchannel_token_delivery_mode` `ping`, and the URL at which the handler is served. */
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  /** For every request, such as `headers`; the tests allow requests without TLS to their server on loopback. */
  readonly options?: Omit<countersign.HttpRequestOptions<string>, typeof countersign.customFetch | 'signal'>
}

export interface PingClient {
  /** To be served at `backchannel_client_notification_endpoint`, such as with `createServer(options, listenerOf(…))`. */
  readonly notificationEndpoint: Handler
  /** Resolves when the person has approved. */
  signIn(loginHint: string): Promise<countersign.IDToken>
}

/** A transaction, as the notification endpoint finds it. A program that outlives its process keeps it in a database. */
interface Transaction extends countersign.CallbackExpectation {
  auth_req_id?: string
  readonly pinged: (authReqId: string) => void
}

export function pingClient(context: Context): PingClient {
  const { as, client, clientAuth, options } = context
  const transactions = new Map<string, Transaction>() // by the hash of their token

  async function notificationEndpoint(request: Request): Promise<Response> {
    let transaction: Transaction | undefined
    try {
      const { auth_req_id } = await countersign.validatePingCallback(request, {
        findTransaction({ client_notification_token_hash: hash }) {
          transaction = transactions.get(hash)
          return transaction
        },
      })
      transaction?.pinged(auth_req_id)
      return countersign.callbackResponse()
    } catch (error) {
      return countersign.callbackResponse(error)
    }
  }

  async function signIn(loginHint: string): Promise<countersign.IDToken> {
    const client_notification_token = countersign.generateClientNotificationToken()
    const hash = await countersign.hashClientNotificationToken(client_notification_token)
    // known before the request is sent: the ping can overtake its answer
    const pinged = new Promise<string>((resolve) => {
      transactions.set(hash, { client_notification_token_hash: hash, pinged: resolve })
    })
    try {
      const sentAt = Date.now()
      const parameters = { scope: 'openid', login_hint: loginHint, client_notification_token }
      const started = await countersign.processBackchannelAuthenticationResponse(
        as,
        client,
        await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options),
      )
      const transaction = transactions.get(hash)
      if (transaction !== undefined) transaction.auth_req_id = started.auth_req_id
      const named = await within(started.expires_in, pinged)
      if (named !== started.auth_req_id) throw new Error('the ping named another transaction')
      return await askForTokens(context, countersign.cibaTransaction(started, sentAt))
    } finally {
      // from now on a ping for it is answered like one with a wrong token
      transactions.delete(hash)
    }
  }

  return { notificationEndpoint, signIn }
}

/** CIBA Core §10.2: the ping says that there is an outcome; the token endpoint says which. */
async function askForTokens(
  { as, client, clientAuth, options }: Context,
  transaction: countersign.CibaTransaction,
): Promise<countersign.IDToken> {
  const asking = { ...options, clientAuthentication: clientAuth }
  const pinged = countersign.pingedTransaction(transaction)
  const { tokens, response } = await countersign.poll(as, client, pinged, asking)
  await countersign.validateApplicationLevelSignature(as, response, options)
  const claims = countersign.getValidatedIdTokenClaims(tokens)
  if (claims === undefined) throw new Error('the server sent no ID Token')
  return claims
}

/** CIBA Core §10.2: no ping need come for a transaction that expires. */
async function within<T>(seconds: number, outcome: Promise<T>): Promise<T> {
  const waiting = new AbortController()
  const expired = sleep(seconds * 1000, undefined, waiting).then(() => {
    throw new Error('the person did not answer in time')
  })
  try {
    return await Promise.race([outcome, expired])
  } finally {
    waiting.abort()
    expired.catch(() => undefined)
  }
}
