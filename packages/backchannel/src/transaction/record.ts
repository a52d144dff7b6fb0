import type { Schedule } from 'countersign'
import type { OutcomeStatus, StoredOutcome } from './outcome.ts'

/** Which grant a transaction is of. */
export type Grant = 'ciba' | 'device'

/** How the client learns the outcome (CIBA Core 1.0, section 5). The device flow has `poll` only. */
export type DeliveryMode = 'ping' | 'poll' | 'push'

/** Members of every record. */
export interface RecordOf<State extends string> {
  /** Where the transaction is. */
  readonly state: State
  /** The transaction's id. */
  readonly id: string
  /** How many times it was stored, from 1: who replaces a record names the version that it was made from. */
  readonly version: number
  /** See {@link Grant}. */
  readonly grant: Grant
  /** See {@link DeliveryMode}. */
  readonly mode: DeliveryMode
  /** Milliseconds since 1970, like every other moment in a record. */
  readonly createdAt: number
  /** When a step is to be done next, in milliseconds since 1970. Each record has something that will be done: at the end, its deletion. */
  readonly dueAt: number
  /** The caller's name for what was asked, by which it is asked once. */
  readonly idempotencyKey?: string
  /** SHA-256 of the `client_notification_token` in base64url: a callback is found by it. */
  readonly notificationTokenHash?: string
  /** A sealed {@link TransactionSecret}. */
  readonly secret: string
}

/** What of a record nobody but the application may read. */
export interface TransactionSecret {
  /** The server's name for the transaction; absent until the acknowledgement, or a callback, brought it. */
  readonly auth_req_id?: string
  /** What a device asks for its tokens with (RFC 8628, section 3.2). */
  readonly device_code?: string
  /** What a person is shown in the device flow. */
  readonly verification?: Verification
  /** Authentication contexts of which the ID Token's `acr` must be one. */
  readonly acr_values?: string
  /** The private key that the tokens are bound to, where it is this transaction's own. */
  readonly dpop?: JsonWebKey
  /** SHA-256 of what was asked, to tell whether an idempotency key is used for something else. */
  readonly fingerprint: string
  /** What the caller wants to have back, as JSON. */
  readonly context?: string
}

/** What the person needs who signs a device in (RFC 8628, section 3.2). */
export interface Verification {
  /** To be typed in. */
  readonly user_code: string
  /** Where. */
  readonly verification_uri: string
  /** The same with the code in it, to be shown as a QR code or opened. */
  readonly verification_uri_complete?: string
}

/** Members of every record that can still get an outcome. */
export interface Open {
  /** When the server may be asked next, and what became of the requests before. */
  readonly schedule: Schedule
  /** A ping came: ask as soon as the interval allows. */
  readonly pinged: boolean
}

/** The mark before the authentication request: it may have been sent, and no acknowledgement is stored. */
export interface Starting extends RecordOf<'starting'>, Open {
  /** The process that sends it. */
  readonly owner: string
  /** When it is sent, in milliseconds since 1970. */
  readonly sentAt: number
}

/** Waits for the time of the next token request, or for a callback. */
export interface Pending extends RecordOf<'pending'>, Open {}

/** The mark before a token request: it may have been sent, and no answer is stored. */
export interface Polling extends RecordOf<'polling'>, Open {
  /** The process that sends it. */
  readonly owner: string
  /** When the mark was made, in milliseconds since 1970; the request leaves a moment later. */
  readonly since: number
}

/** The server's answer is stored as it came, and not validated yet. */
export interface Answered extends RecordOf<'answered'>, Open {
  /** A sealed {@link RawAnswer}. */
  readonly answer: string
  /** When it came, in milliseconds since 1970. */
  readonly receivedAt: number
  /** How many times the answer could be neither accepted nor refused, such as without the server's keys. */
  readonly attempts: number
  /** What the record was before, to which it goes back when a push is refused. */
  readonly before: 'pending' | 'starting'
}

/** An answer of the token endpoint, or the body of a push whose token was the transaction's. */
export interface RawAnswer {
  /** How it came. */
  readonly via: 'poll' | 'push'
  /** Its media type. */
  readonly contentType: string
  /** Its body, as it was sent. */
  readonly body: string
}

/** Has an outcome that nobody took yet. */
export interface Ended extends RecordOf<'ended'> {
  /** How it ended, with its tokens sealed. */
  readonly outcome: StoredOutcome
  /** When, in milliseconds since 1970. */
  readonly endedAt: number
  /** What it would take to go on, should a success come late. */
  readonly schedule: Schedule
}

/** The outcome was taken; what is left says so, for the idempotency key and late callbacks. */
export interface Taken extends RecordOf<'taken'> {
  /** How it had ended. */
  readonly status: OutcomeStatus
  /** When it was taken, in milliseconds since 1970. */
  readonly takenAt: number
}

/** A transaction as it is stored: JSON, and without a readable secret. */
export type TransactionRecord = Answered | Ended | Pending | Polling | Starting | Taken

/** A record that can still get an outcome. */
export type OpenRecord = Answered | Pending | Polling | Starting

/** The words for what a record can be. */
export type TransactionState = TransactionRecord['state']
