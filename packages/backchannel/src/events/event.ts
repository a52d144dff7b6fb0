import type { Failure, OutcomeStatus } from '../transaction/outcome.ts'
import type { DeliveryMode, Grant } from '../transaction/record.ts'

/** Members of every event. */
export interface EventOf<Type extends string> {
  /** What happened. */
  readonly type: Type
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Members of every event about one transaction. */
export interface TransactionEventOf<Type extends string> extends EventOf<Type> {
  /** The transaction's id. */
  readonly id: string
  /** See {@link Grant}. */
  readonly grant: Grant
  /** See {@link DeliveryMode}. */
  readonly mode: DeliveryMode
}

/** The mark is stored, and the authentication request is about to be sent. */
export type StartedEvent = TransactionEventOf<'started'>

/** The server took the request, as its acknowledgement says, or a callback where that was lost. */
export interface AcknowledgedEvent extends TransactionEventOf<'acknowledged'> {
  /** What said so. */
  readonly by: 'acknowledgement' | 'callback'
}

/** Whether the server took the request is not known. It is not sent again. */
export interface AcknowledgementLostEvent extends TransactionEventOf<'acknowledgement-lost'> {
  /** Absent where another process, or this one before it was started again, sent it. */
  readonly failure?: Failure
}

/** The server refused the request; nothing of it is kept. */
export interface StartRefusedEvent extends TransactionEventOf<'start-refused'> {
  /** What the server said. */
  readonly failure: Failure
}

/** The mark is stored, and a token request is about to be sent. */
export interface PollEvent extends TransactionEventOf<'poll'> {
  /**
   * An earlier request was sent whose answer is not known, and may have redeemed the transaction. Never silent: the
   * server's next word tells whether the answer is lost.
   */
  readonly unanswered: boolean
  /** Milliseconds by which the request is later than it could have been. */
  readonly delay: number
}

/** The person has not answered yet. */
export interface PendingEvent extends TransactionEventOf<'pending'> {
  /** Milliseconds since 1970 when the server is asked next. */
  readonly nextPollAt: number
}

/** The server asked for a slower pace, or did not answer as it should; the transaction goes on. */
export interface SlowerEvent extends TransactionEventOf<'slower'> {
  /**
   * `slow_down`: the server's own word; `retry_after`: the header; `server_error`: a status of 500 and more; `network`: no
   * answer.
   */
  readonly reason: 'network' | 'retry_after' | 'server_error' | 'slow_down'
  /** Milliseconds since 1970 when the server is asked next. */
  readonly nextPollAt: number
  /** What the request came to. */
  readonly failure: Failure
}

/** A mark of a process that is gone, or stood still for too long, was found: its answer is not known. */
export interface ResumedEvent extends TransactionEventOf<'resumed'> {
  /** Milliseconds since 1970 when the server is asked next. */
  readonly nextPollAt: number
}

/** A callback was taken: a ping, or a push that is stored and not validated yet. */
export interface CallbackEvent extends TransactionEventOf<'callback'> {
  /** Which callback. */
  readonly callback: 'ping' | 'push'
  /** It told nothing new: a duplicate, or later than the outcome. */
  readonly duplicate: boolean
}

/** A callback was not taken; whose it was is not known. */
export interface CallbackRefusedEvent extends EventOf<'callback-refused'> {
  /** The status of the answer. */
  readonly status: number
  /** Why it was refused. */
  readonly failure: Failure
}

/** The server's answer is stored, and about to be validated. */
export interface AnsweredEvent extends TransactionEventOf<'answered'> {
  /** How it came. */
  readonly via: 'poll' | 'push'
}

/** The answer could be neither accepted nor refused, such as without the server's keys; it is validated again later. */
export interface ValidationPostponedEvent extends TransactionEventOf<'validation-postponed'> {
  /** How many times it was tried. */
  readonly attempts: number
  /** Why it could not be said. */
  readonly failure: Failure
}

/** The outcome is stored. */
export interface OutcomeEvent extends TransactionEventOf<'outcome'> {
  /** How the transaction ended. */
  readonly status: OutcomeStatus
  /** Milliseconds since the transaction began. */
  readonly duration: number
  /** Why it ended so, where something failed. */
  readonly failure?: Failure
}

/** An answer came for a transaction that had ended, or a push that was refused: it is not kept. */
export interface DiscardedEvent extends TransactionEventOf<'discarded'> {
  /** Why it was refused; absent where it came too late. */
  readonly failure?: Failure
}

/** Tokens that came when the transaction had ended without them were revoked, or could not be. */
export interface RevokedEvent extends TransactionEventOf<'revoked'> {
  /** Absent where the server has revoked them. */
  readonly failure?: Failure
}

/** The outcome was given out. */
export interface TakenEvent extends TransactionEventOf<'taken'> {
  /** How the transaction had ended. */
  readonly status: OutcomeStatus
}

/** The record is gone. */
export interface DeletedEvent extends TransactionEventOf<'deleted'> {
  /** Whether the outcome had been taken. */
  readonly taken: boolean
}

/** The server failed so often that nothing is sent to it until `until`. */
export interface CircuitOpenedEvent extends EventOf<'circuit-opened'> {
  /** Milliseconds since 1970. */
  readonly until: number
}

/** The server answers again. */
export type CircuitClosedEvent = EventOf<'circuit-closed'>

/** A step could not be done, such as without the store; it is tried again. */
export interface StepFailedEvent extends EventOf<'step-failed'> {
  /** The transaction's id. */
  readonly id: string
  /** What went wrong. */
  readonly failure: Failure
}

/** What happens in a backchannel, step by step. Nothing secret is in an event. */
export type BackchannelEvent =
  | AcknowledgedEvent
  | AcknowledgementLostEvent
  | AnsweredEvent
  | CallbackEvent
  | CallbackRefusedEvent
  | CircuitClosedEvent
  | CircuitOpenedEvent
  | DeletedEvent
  | DiscardedEvent
  | OutcomeEvent
  | PendingEvent
  | PollEvent
  | ResumedEvent
  | RevokedEvent
  | SlowerEvent
  | StartedEvent
  | StartRefusedEvent
  | StepFailedEvent
  | TakenEvent
  | ValidationPostponedEvent

/** The event of that type. */
export type EventOfType<Type extends BackchannelEvent['type']> = Extract<BackchannelEvent, EventOf<Type>>
