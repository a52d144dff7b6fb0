/** What the server does in a series of runs that differ in where the client is killed. */
export interface Scenario {
  readonly name: string
  readonly mode: 'ping' | 'poll' | 'push'
  /** What the person does. */
  readonly answer: 'approve' | 'deny'
  /** So many token requests are answered that the person has not answered yet. */
  readonly pendingAnswers: number
  /** What the server answers about an `auth_req_id` that was redeemed. Default `invalid_grant`. */
  readonly redeemedAnswer?: string
  /** Whether the tokens are bound to a key of the transaction. */
  readonly dpop?: boolean
}

/** What a client process is told. */
export interface ChildTask extends Pick<Scenario, 'dpop' | 'mode'> {
  readonly folder: string
  readonly origin: string
  /** The number of the point at which it ends; none where it is not to. */
  readonly killAt?: number
  /** How much faster than time the clock goes, which started to at the epoch. */
  readonly speed: number
  readonly epoch: number
}

export const POLL: Scenario = { name: 'poll, approved', mode: 'poll', answer: 'approve', pendingAnswers: 1 }

export const SCENARIOS: readonly Scenario[] = [
  POLL,
  { name: 'poll, approved, with DPoP', mode: 'poll', answer: 'approve', pendingAnswers: 1, dpop: true },
  { name: 'poll, denied', mode: 'poll', answer: 'deny', pendingAnswers: 1 },
  {
    name: 'poll, approved, by a server that denies what was redeemed',
    mode: 'poll',
    answer: 'approve',
    pendingAnswers: 0,
    redeemedAnswer: 'access_denied',
  },
  { name: 'ping, approved', mode: 'ping', answer: 'approve', pendingAnswers: 0 },
  { name: 'ping, denied', mode: 'ping', answer: 'deny', pendingAnswers: 0 },
  { name: 'push, approved', mode: 'push', answer: 'approve', pendingAnswers: 0 },
]
