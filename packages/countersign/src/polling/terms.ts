import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import type { PollOptions } from './options.ts'
import { CIBA_GRANT, type PollingTransaction } from './transaction.ts'

/*
 * Of a hundred thousand transactions that wait, almost everything is the same. What is, is kept once, and of each
 * transaction its name and its times (decision 8).
 */

/** What the transactions that wait have in common. */
export interface Terms {
  readonly as: AuthorizationServer
  readonly client: Client
  readonly options: PollOptions
  /** One of them: the others have its members, but for their names and times. */
  readonly pattern: PollingTransaction
}

/** A transaction among others of its terms. */
export interface Particulars {
  /** Its `auth_req_id` or `device_code`. */
  readonly id: string
  /** Its times, counted from when the pattern expires, since a small number costs no memory. */
  readonly expiresAt: number
  readonly nextPollAt: number
}

/** What a number can be at most to be small. */
const SMALL = 2 ** 30

// the terms of the last transaction of each client, since the next one most often has the same
const latest = new WeakMap<Client, Terms>()

/** The terms that a transaction is polled on: those of the one before where they are the same. */
export function termsOf(
  as: AuthorizationServer,
  client: Client,
  options: PollOptions,
  transaction: PollingTransaction,
): Terms {
  const known = latest.get(client)
  if (known?.as === as && hasMembersOf(known.options, options) && isAlike(known.pattern, transaction)) return known
  // as they are now: what the caller changes later on does not reach who waits
  const terms = { as, client, options: options === known?.options ? options : { ...options }, pattern: transaction }
  latest.set(client, terms)
  return terms
}

/** What of a transaction is its own. When the last request was sent is not, since the next one decides that anew. */
export function particularsOf({ pattern }: Terms, transaction: PollingTransaction): Particulars {
  return {
    id: nameOf(transaction),
    expiresAt: transaction.expiresAt - pattern.expiresAt,
    nextPollAt: transaction.nextPollAt - pattern.expiresAt,
  }
}

/** The transaction again. */
export function transactionOf({ pattern }: Terms, { id, expiresAt, nextPollAt }: Particulars): PollingTransaction {
  const times = { expiresAt: expiresAt + pattern.expiresAt, nextPollAt: nextPollAt + pattern.expiresAt }
  return pattern.grant_type === CIBA_GRANT
    ? { ...pattern, ...times, auth_req_id: id }
    : { ...pattern, ...times, device_code: id }
}

function nameOf(transaction: PollingTransaction): string {
  return transaction.grant_type === CIBA_GRANT ? transaction.auth_req_id : transaction.device_code
}

const OWN: readonly unknown[] = ['auth_req_id', 'device_code', 'expiresAt', 'nextPollAt', 'lastRequestAt']

function isAlike(pattern: PollingTransaction, transaction: PollingTransaction): boolean {
  const near = Math.abs(transaction.expiresAt - pattern.expiresAt) < SMALL
  return near && hasMembersOf(pattern, transaction, OWN)
}

/** Whether two objects have the same members, but for those excepted. */
function hasMembersOf(one: object, other: object, except: readonly unknown[] = []): boolean {
  if (one === other) return true
  const names = Reflect.ownKeys(one).filter((name) => !except.includes(name))
  const others = Reflect.ownKeys(other).filter((name) => !except.includes(name))
  return (
    names.length === others.length &&
    others.every((name) => Object.hasOwn(one, name) && Reflect.get(one, name) === Reflect.get(other, name))
  )
}
