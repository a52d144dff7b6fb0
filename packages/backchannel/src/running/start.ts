import { randomUUID } from 'node:crypto'
import {
  type CibaTransaction,
  cibaTransaction,
  customFetch,
  deviceAuthorizationRequest,
  type DeviceTransaction,
  deviceTransaction,
  generateClientNotificationToken,
  hashClientNotificationToken,
  initiateBackchannelAuthentication,
  OperationProcessingError,
  processDeviceAuthorizationResponse,
  ResponseBodyError,
  type Schedule,
  WWWAuthenticateChallengeError,
} from 'countersign'
import { BackchannelError, IDEMPOTENCY_KEY_REUSED, invalidArgument } from '../errors/backchannel-error.ts'
import { failureOf } from '../events/failure.ts'
import { fingerprintOf } from '../sealing/fingerprint.ts'
import type { Started, StartOptions } from '../settings/options.ts'
import { MARK_GRACE } from '../settings/settings.ts'
import type { Starting, TransactionRecord, TransactionSecret, Verification } from '../transaction/record.ts'
import { acknowledged, begun, corrected } from '../transaction/transitions.ts'
import { conclude } from './conclude.ts'
import { about, type Running, update } from './context.ts'
import { dueAtOf, scheduleOf } from './timing.ts'

const LONGEST_KEY = 512

/** Seconds between two token requests where the server names none (CIBA Core 1.0 §7.3, RFC 8628 §3.2). */
const DEFAULT_INTERVAL = 5

/** What a start stores, and what of it is asked for. */
interface Prepared {
  readonly mark: Starting
  readonly secret: TransactionSecret
  readonly notificationToken: string | undefined
}

/**
 * Begins a transaction: the mark first, then the request, then the acknowledgement. A request is sent once.
 */
export async function start(running: Running, options: StartOptions): Promise<Started> {
  const prepared = await prepare(running, options)
  const { mark } = prepared
  const stored = await running.store.create(mark)
  if (stored.id !== mark.id) return await again(running, stored, prepared.secret)
  await running.schedule(mark)
  running.emit({ type: 'started', ...about(running, mark) })
  const record = await running.span('countersign.backchannel.start', { 'countersign.transaction.id': mark.id }, () =>
    send(running, options, prepared),
  )
  await running.schedule(record)
  return await startedOf(running, record, true)
}

/** A start with the same key and the same parameters is the same start. */
async function again(running: Running, there: TransactionRecord, asked: TransactionSecret): Promise<Started> {
  const { fingerprint } = await running.sealing.unseal('secret', there.id, there.secret)
  if (fingerprint !== asked.fingerprint) {
    throw new BackchannelError(
      IDEMPOTENCY_KEY_REUSED,
      'the idempotency key began another authentication, with other parameters',
    )
  }
  return await startedOf(running, there, false)
}

async function startedOf(running: Running, record: TransactionRecord, created: boolean): Promise<Started> {
  const verification = await verificationOf(running, record)
  return {
    id: record.id,
    created,
    acknowledged: isAcknowledged(record),
    mode: record.mode,
    expiresAt: record.state === 'taken' ? record.takenAt : record.schedule.expiresAt,
    ...(verification !== undefined && { verification }),
  }
}

/** What a person is shown; nobody is in CIBA. */
async function verificationOf({ sealing }: Running, { id, grant, secret }: TransactionRecord) {
  return grant === 'device' ? (await sealing.unseal('secret', id, secret)).verification : undefined
}

function isAcknowledged(record: TransactionRecord): boolean {
  if (record.state === 'ended') return record.outcome.status !== 'unacknowledged'
  return record.state === 'taken' ? record.status !== 'unacknowledged' : record.state !== 'starting'
}

async function prepare(running: Running, options: StartOptions): Promise<Prepared> {
  const { clock, owner, sealing, settings, proofKeys } = running
  const { grant = 'ciba', parameters, idempotencyKey, context } = options
  if (idempotencyKey !== undefined && (idempotencyKey === '' || idempotencyKey.length > LONGEST_KEY)) {
    throw invalidArgument(`"options.idempotencyKey" must have 1 to ${LONGEST_KEY} characters`)
  }
  if (grant === 'ciba' && parameters.client_notification_token !== undefined) {
    throw invalidArgument('"client_notification_token" is made for each transaction, and not a parameter here')
  }
  const id = randomUUID()
  const mode = grant === 'device' ? 'poll' : settings.mode
  const dpop = await proofKeys.generate()
  const acr_values = running.options.profile === 'fapi-ciba' ? textOf(parameters.acr_values) : undefined
  const secret: TransactionSecret = {
    fingerprint: fingerprintOf(grant, parameters),
    ...(dpop !== undefined && { dpop }),
    ...(acr_values !== undefined && { acr_values }),
    ...(context !== undefined && { context: JSON.stringify(context) }),
  }
  const notificationToken = mode === 'poll' ? undefined : generateClientNotificationToken()
  const now = clock.now()
  const schedule: Schedule = {
    expiresAt: now + (requestedExpiry(parameters.requested_expiry) ?? settings.longestExpiry),
    interval: DEFAULT_INTERVAL,
    nextPollAt: now + DEFAULT_INTERVAL * 1000,
    failures: 0,
    unanswered: false,
  }
  const mark = begun({
    id,
    grant,
    mode,
    owner,
    createdAt: now,
    sentAt: now,
    // nothing can acknowledge a request in poll mode but its own answer
    dueAt: mode === 'poll' ? now + settings.answerTimeout + 2 * MARK_GRACE : schedule.expiresAt,
    schedule,
    secret: await sealing.seal('secret', id, secret),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(notificationToken !== undefined && {
      notificationTokenHash: await hashClientNotificationToken(notificationToken),
    }),
  })
  return { mark, secret, notificationToken }
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' ? value : undefined
}

function requestedExpiry(value: unknown): number | undefined {
  const seconds = Number(value ?? NaN)
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

/** What the server's acknowledgement adds. */
interface Acknowledgement {
  readonly transaction: CibaTransaction | DeviceTransaction
  readonly secret: Partial<TransactionSecret>
}

async function send(running: Running, options: StartOptions, prepared: Prepared): Promise<TransactionRecord> {
  const { clock, sealing } = running
  const { mark } = prepared
  const attempt = { sent: false }
  let acknowledgement: Acknowledgement
  try {
    acknowledgement = await request(running, options, prepared, attempt)
  } catch (error) {
    if (!attempt.sent || isRefusal(error)) return await refused(running, mark, error)
    return await unacknowledged(running, mark, error)
  }
  const secret = await sealing.seal('secret', mark.id, { ...prepared.secret, ...acknowledgement.secret })
  const schedule = scheduleOf(acknowledgement.transaction)
  const dueAt = dueAtOf(running, { ...mark, schedule })
  const { stored, before } = await update(
    running,
    mark.id,
    (record) =>
      acknowledged(record, { schedule, secret, dueAt, pinged: pingedAlready(record) }) ?? corrected(record, schedule),
  )
  running.emit({ type: 'acknowledged', ...about(running, mark), by: 'acknowledgement' })
  const record = stored ?? before
  // deleted meanwhile, by a clock that went ahead: the start was, all the same
  return record ?? { ...mark, dueAt: clock.now() }
}

function pingedAlready(record: TransactionRecord): boolean {
  return record.state === 'starting' && record.pinged
}

async function request(
  running: Running,
  options: StartOptions,
  { mark, secret, notificationToken }: Prepared,
  attempt: { sent: boolean },
): Promise<Acknowledgement> {
  const { settings, transport, options: relationship, clock, proofKeys } = running
  const { client, clientAuthentication, answerTimeout } = settings
  const as = await running.metadata()
  const http = {
    ...transport,
    signal: AbortSignal.any([AbortSignal.timeout(answerTimeout), running.hurry]),
    [customFetch]: async (url: string, init: Parameters<NonNullable<(typeof transport)[typeof customFetch]>>[1]) => {
      attempt.sent = true
      const { [customFetch]: fetched } = transport
      return fetched === undefined ? await fetch(url, { ...init, body: init.body ?? null }) : await fetched(url, init)
    },
  }
  if (options.grant === 'device') {
    const sentAt = clock.now()
    const response = await deviceAuthorizationRequest(as, client, clientAuthentication, options.parameters, http)
    const authorization = await processDeviceAuthorizationResponse(as, client, response)
    const { device_code, user_code, verification_uri, verification_uri_complete: complete } = authorization
    const verification: Verification = {
      user_code,
      verification_uri,
      ...(complete !== undefined && { verification_uri_complete: complete }),
    }
    return { transaction: deviceTransaction(authorization, sentAt), secret: { device_code, verification } }
  }
  const key = await proofKeys.of(mark.id, secret)
  const { signingKey, profile } = relationship
  const sentAt = clock.now()
  const { acknowledgement, transaction } = await initiateBackchannelAuthentication(as, client, clientAuthentication, {
    ...http,
    parameters: {
      ...options.parameters,
      ...(notificationToken !== undefined && { client_notification_token: notificationToken }),
    },
    ...(signingKey !== undefined && { signingKey }),
    ...(profile !== undefined && { profile }),
    ...(key !== undefined && { DPoP: key.handle }),
  })
  // what is sent is timed by the clock of everything else here
  return { transaction: cibaTransaction(acknowledgement, sentAt), secret: { auth_req_id: transaction.auth_req_id } }
}

/** Nothing came of it, and that is known: nothing is kept, so that the same can be tried again. */
async function refused(running: Running, mark: Starting, error: unknown): Promise<never> {
  running.emit({ type: 'start-refused', ...about(running, mark), failure: failureOf(error) })
  await running.store.remove(mark)
  // its step finds nothing, and is done with
  await running.schedule({ ...mark, dueAt: running.clock.now() })
  throw error
}

/** Whether the server took the request is not known. In poll mode nothing will tell any more; otherwise a callback may. */
async function unacknowledged(running: Running, mark: Starting, error: unknown): Promise<TransactionRecord> {
  running.emit({ type: 'acknowledgement-lost', ...about(running, mark), failure: failureOf(error) })
  if (mark.mode !== 'poll') return (await running.store.read(mark.id)) ?? mark
  const end = { status: 'unacknowledged' } as const
  return (await conclude(running, mark.id, end, ({ state }) => state === 'starting')) ?? mark
}

/** Whether an error says that the server did not begin anything: an error document, or a status that says so. */
function isRefusal(error: unknown): boolean {
  const said =
    error instanceof ResponseBodyError ||
    error instanceof WWWAuthenticateChallengeError ||
    error instanceof OperationProcessingError
  return said && error.status !== undefined && error.status >= 400 && error.status < 500
}
