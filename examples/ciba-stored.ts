// CIBA whose transactions survive the process: each is stored as JSON between two token requests, and any process that
// finds one due asks about it. For programs of one process `poll` is shorter: see ciba-poll.ts.
import * as countersign from 'countersign'

/** A database, as far as this needs one. */
export interface Store {
  put(key: string, json: string): Promise<void>
  delete(key: string): Promise<void>
  /** Takes one transaction whose `nextPollAt` has come, and gives it to nobody else for a minute. */
  takeDue(now: number): Promise<{ readonly key: string; readonly json: string } | undefined>
}

export interface Context {
  readonly as: countersign.AuthorizationServer
  readonly client: countersign.Client
  readonly clientAuth: countersign.ClientAuth
  readonly store: Store
  /** Learns how a transaction ended: with the claims of the person, or with why there are none. */
  readonly ended: (key: string, end: { readonly claims: countersign.IDToken } | { readonly error: unknown }) => void
  /** For every request; the tests allow requests without TLS to their server on loopback. */
  readonly options?: { readonly signal?: AbortSignal; readonly [countersign.allowInsecureRequests]?: boolean }
}

/** Starts an authentication, which goes on in `step`, under a key of the caller's. */
export async function begin(context: Context, key: string, loginHint: string): Promise<void> {
  const { as, client, clientAuth, store, options } = context
  const parameters = { scope: 'openid', login_hint: loginHint }
  const sentAt = Date.now()
  const started = await countersign.backchannelAuthenticationRequest(as, client, clientAuth, parameters, options)
  const acknowledgement = await countersign.processBackchannelAuthenticationResponse(as, client, started)
  await store.put(key, JSON.stringify(countersign.cibaTransaction(acknowledgement, sentAt)))
}

/** Asks about one transaction that is due; to be called again and again, by any number of processes. */
export async function step({ as, client, clientAuth, store, ended, options }: Context): Promise<void> {
  const due = await store.takeDue(Date.now())
  if (due === undefined) return
  const { key, json } = due
  // what this program has stored itself; pollOnce looks at its members
  const transaction = JSON.parse(json) as countersign.CibaTransaction
  // should this process end before it knows the answer, the next one knows that there was a question
  await store.put(key, JSON.stringify(countersign.unansweredTransaction(transaction)))
  try {
    const result = await countersign.pollOnce(as, client, transaction, { clientAuthentication: clientAuth, ...options })
    if (result.status !== 'done') {
      await store.put(key, JSON.stringify(result.transaction))
      return
    }
    await countersign.validateApplicationLevelSignature(as, result.response, options)
    const claims = countersign.getValidatedIdTokenClaims(result.tokens)
    // of CIBA, pollOnce gives no tokens without ID Token
    if (claims !== undefined) ended(key, { claims })
  } catch (error) {
    ended(key, { error })
  }
  await store.delete(key)
}
