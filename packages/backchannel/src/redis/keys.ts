/** The names of what is kept in Redis. A transaction's parts have its names at their ends, whatever characters those have. */
export interface Keys {
  readonly prefix: string
  /** Before the id of a transaction: its record. */
  readonly record: string
  /** Before an idempotency key: the id. */
  readonly idempotencyKey: string
  /** Before the hash of a notification token: the id. */
  readonly notificationToken: string
  /** A sorted set of every id, by the moment when its record is due. */
  readonly records: string
  /** A sorted set of the ids whose step was asked for and has not begun, by the earliest moment that was asked for. */
  readonly due: string
  /** The channel on which outcomes are announced. */
  readonly outcomes: string
}

export function keysOf(prefix: string): Keys {
  return {
    prefix,
    record: `${prefix}:t:`,
    idempotencyKey: `${prefix}:k:`,
    notificationToken: `${prefix}:n:`,
    records: `${prefix}:records`,
    due: `${prefix}:due`,
    outcomes: `${prefix}:outcomes`,
  }
}
