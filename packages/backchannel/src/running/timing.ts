import type { CibaTransaction, DeviceTransaction, PollingTransaction, Schedule } from 'countersign'
import type { DeliveryMode, TransactionSecret } from '../transaction/record.ts'
import { jitterOf, type Running } from './context.ts'

/** In ping mode the server is asked once more this long before the expiry, should its ping have been lost. */
const LAST_LOOK = 5000

/** When something is to be done for what waits: a token request, or the notice that its time is over. */
export function dueAtOf(
  running: Running,
  { mode, schedule, pinged }: { readonly mode: DeliveryMode; readonly schedule: Schedule; readonly pinged: boolean },
): number {
  const { expiresAt, nextPollAt, interval } = schedule
  if (mode === 'push') return expiresAt
  if (pinged) return Math.min(expiresAt, nextPollAt)
  const later = nextPollAt + jitterOf(running, interval * 1000)
  if (mode === 'poll') return Math.min(expiresAt, later)
  const fallback = running.clock.now() + running.settings.pingFallbackInterval
  return Math.min(expiresAt, Math.max(nextPollAt, Math.min(Math.max(later, fallback), expiresAt - LAST_LOOK)))
}

/** The transaction in the form in which `countersign` polls for it; `undefined` while its name is not known. */
export function transactionOf(schedule: Schedule, secret: TransactionSecret): PollingTransaction | undefined {
  const { device_code, acr_values } = secret
  if (device_code !== undefined) {
    return {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code,
      ...schedule,
    } satisfies DeviceTransaction
  }
  return cibaTransactionOf(schedule, secret, acr_values)
}

export function cibaTransactionOf(
  schedule: Schedule,
  { auth_req_id }: TransactionSecret,
  acr_values?: string,
): CibaTransaction | undefined {
  if (auth_req_id === undefined) return undefined
  const acr = acr_values === undefined ? {} : { acr_values }
  return { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id, ...acr, ...schedule }
}

/** What is stored of it in the open. */
export function scheduleOf(transaction: Schedule): Schedule {
  const { expiresAt, interval, nextPollAt, lastRequestAt, failures, unanswered } = transaction
  const last = lastRequestAt === undefined ? {} : { lastRequestAt }
  return { expiresAt, interval, nextPollAt, ...last, failures, unanswered }
}
