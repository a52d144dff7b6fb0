import type { CryptoKeyPair, DPoPHandle, IDToken, JsonValue, TokenEndpointResponse } from 'countersign'

/** Members of every {@link Outcome}. */
export interface OutcomeOf<Status extends string> {
  /** How the transaction ended. */
  readonly status: Status
  /** The transaction's id. */
  readonly id: string
  /** What the caller gave to be kept with the transaction. */
  readonly context?: JsonValue
}

/** The person approved: here are the tokens, validated, the signature of the ID Token included. */
export interface Approved extends OutcomeOf<'approved'> {
  /** The members of the server's answer; `token_type` in lower case, `expires_in` as a number. */
  readonly tokens: TokenEndpointResponse
  /** The claims of the ID Token; absent where the device flow was not about a person. */
  readonly claims?: IDToken
  /** What the tokens are bound to, where they are (RFC 9449): use them with it. */
  readonly DPoP?: {
    /** Makes the proofs. */
    readonly handle: DPoPHandle
    /** The key, to be kept with a refresh token. */
    readonly keyPair: CryptoKeyPair
  }
}

/** The person, or the server for them, refused. */
export interface Refused extends OutcomeOf<'refused'> {
  /** `access_denied`, the server's word. */
  readonly error: string
  /** The server's words beside it, for developers. */
  readonly error_description?: string
}

/** Nobody answered in time. */
export interface Expired extends OutcomeOf<'expired'> {
  /** Whether the server said so, or `expires_in` had passed. */
  readonly by: 'server' | 'clock'
}

/** The caller cancelled. */
export type Cancelled = OutcomeOf<'cancelled'>

/**
 * The server may have redeemed the transaction, but its answer is gone: the process died between sending a token request
 * and storing its answer. The person has perhaps approved; to know, begin a new transaction.
 */
export interface Lost extends OutcomeOf<'lost'> {
  /**
   * What the server said when it was asked again, such as `invalid_grant`; absent where the time was over. Of a server that
   * answers only a refusal with `access_denied`, and never a transaction that was redeemed, that word is the person's.
   */
  readonly error?: string
}

/**
 * The authentication request was sent, and whether the server took it is not known: its acknowledgement never came, and
 * no callback did. It is not sent again by itself, because the person might be asked twice.
 */
export type Unacknowledged = OutcomeOf<'unacknowledged'>

/** The server, or what it answered, ended the transaction in another way. */
export interface Failed extends OutcomeOf<'failed'> {
  /** Why. */
  readonly failure: Failure
}

/** An error, as far as it can be kept and shown: no token, secret or claim about a person is in it. */
export interface Failure {
  /** The class of the error, such as `ResponseBodyError`. */
  readonly name: string
  /** What happened, for a person. */
  readonly message: string
  /** The code of the error, such as `OAUTH_INVALID_RESPONSE`. */
  readonly code?: string
  /** The rule of `countersign` that refused an answer. */
  readonly rule?: string
  /** The server's own error code, such as `invalid_grant`. */
  readonly error?: string
  /** The server's words beside it, for developers. */
  readonly error_description?: string
}

/** How a transaction ended, as `take` gives it. Every member is readonly. */
export type Outcome = Approved | Cancelled | Expired | Failed | Lost | Refused | Unacknowledged

/** The words for how a transaction can end. */
export type OutcomeStatus = Outcome['status']

/** An outcome as a record keeps it: tokens sealed. */
export type StoredOutcome =
  | {
      /** Tokens came. */
      readonly status: 'approved'
      /** The tokens, and what goes with them. */
      readonly sealedTokens: string
    }
  | Omit<Cancelled, 'id' | 'context'>
  | Omit<Expired, 'id' | 'context'>
  | Omit<Failed, 'id' | 'context'>
  | Omit<Lost, 'id' | 'context'>
  | Omit<Refused, 'id' | 'context'>
  | Omit<Unacknowledged, 'id' | 'context'>

/** What is told about an outcome to whoever waits for it: that it is there, and which. The tokens are `take`'s. */
export interface Announcement {
  /** The transaction's id. */
  readonly id: string
  /** How it ended. */
  readonly status: OutcomeStatus
}
