import type { TransactionRecord } from '../transaction/record.ts'

/** Which records are wanted of a {@link Store}. */
export interface RecordFilter {
  /** Only those that are due before this moment, in milliseconds since 1970. */
  readonly dueBefore?: number
}

/**
 * Where records live. Every method resolves when what it did is durable, and rejects where it may not be; then the caller
 * knows nothing, and reads again. What a store must do is in testing/store-contract.ts, which every store is held to.
 *
 * Records are JSON, and no readable secret is in them. A store needs no key.
 */
export interface Store {
  /**
   * Whether only this process uses it. Then a mark by another owner is that of a dead process, and need not be waited for.
   */
  readonly exclusive: boolean

  /**
   * Stores a new record, unless there is one with its id or its idempotency key. One of several calls at the same time
   * creates; the others get what it stored.
   *
   * @param record The new record.
   * @returns The record that is stored now: the given one, or the one that was there.
   */
  create(record: TransactionRecord): Promise<TransactionRecord>

  /**
   * The record with an id; `undefined` where there is none.
   *
   * @param id The transaction's id.
   */
  read(id: string): Promise<TransactionRecord | undefined>

  /**
   * Stores a record in place of its version before: compare and swap. The indexes by idempotency key and notification
   * token do not change.
   *
   * @param record The record, with a version that is one more.
   * @returns Whether the stored version was the one before `record.version`; nothing is stored otherwise.
   */
  replace(record: TransactionRecord): Promise<boolean>

  /**
   * Deletes a record and its index entries.
   *
   * @param record The record as it is stored.
   * @returns Whether the stored version was `record.version`; nothing is deleted otherwise.
   */
  remove(record: TransactionRecord): Promise<boolean>

  /**
   * The record that a caller's name for what was asked belongs to; `undefined` where there is none.
   *
   * @param key The idempotency key.
   */
  findByIdempotencyKey(key: string): Promise<TransactionRecord | undefined>

  /**
   * The record that the token of a callback belongs to; `undefined` where there is none.
   *
   * @param hash SHA-256 of the token in base64url.
   */
  findByNotificationToken(hash: string): Promise<TransactionRecord | undefined>

  /**
   * Every record, or those due before a moment, in no order. What is created, replaced or removed meanwhile may be seen as
   * it was or as it is.
   *
   * @param filter `dueBefore`, in milliseconds since 1970.
   */
  records(filter?: RecordFilter): AsyncIterable<TransactionRecord>

  /**
   * Resolves when everything is stored, and gives up the folder or connection.
   *
   * @throws {BackchannelError} `BACKCHANNEL_CLOSED`, not this call but later ones of every other method.
   */
  close(): Promise<void>
}
