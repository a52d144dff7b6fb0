/**
 * Durable CIBA and device transactions: start one, wait for its outcome, take it once.
 *
 * @module @countersign/backchannel
 */

export {
  BackchannelError,
  type BackchannelErrorCode,
  CANNOT_UNSEAL,
  CLOSED,
  IDEMPOTENCY_KEY_REUSED,
  NO_OUTCOME,
  OUTCOME_TAKEN,
  STORE_IN_USE,
  UNKNOWN_TRANSACTION,
} from './errors/backchannel-error.ts'

export type {
  Announcement,
  Approved,
  Cancelled,
  Expired,
  Failed,
  Failure,
  Lost,
  Outcome,
  OutcomeOf,
  OutcomeStatus,
  Refused,
  StoredOutcome,
  Unacknowledged,
} from './transaction/outcome.ts'
export type {
  Answered,
  DeliveryMode,
  Ended,
  Grant,
  Open,
  OpenRecord,
  Pending,
  Polling,
  RawAnswer,
  RecordOf,
  Starting,
  Taken,
  TransactionRecord,
  TransactionSecret,
  TransactionState,
  Verification,
} from './transaction/record.ts'
export type { TransactionSummary } from './transaction/summary.ts'

export type { EncryptionKey, EncryptionKeys } from './sealing/key-ring.ts'

export type { Announcements } from './backend/announcements.ts'
export type { Backend, BackendContext, Clock, OpenBackend } from './backend/backend.ts'
export type { Backlog, ScheduledWork, Scheduler, Step } from './backend/scheduler.ts'
export type { RecordFilter, Store } from './backend/store.ts'

export type * from './events/event.ts'
export type { SpanAttributes, Telemetry } from './events/telemetry.ts'

export { embedded, type EmbeddedOptions } from './embedded/embedded.ts'

export type {
  BackchannelOptions,
  PaceOptions,
  RelationshipOptions,
  ServerOptions,
  Started,
  StartedOnce,
  StartOptions,
} from './settings/options.ts'

export type { Backchannel, CloseOptions, WaitOptions } from './face/backchannel.ts'
export { createBackchannel } from './face/create.ts'
