import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Backlog } from '../backend/scheduler.ts'
import {
  BackchannelError,
  CLOSED,
  NO_OUTCOME,
  OUTCOME_TAKEN,
  UNKNOWN_TRANSACTION,
} from '../errors/backchannel-error.ts'
import { emitter } from '../events/emitter.ts'
import { tell } from '../events/listener.ts'
import { handlerOf } from '../handler/handler.ts'
import { conclude } from '../running/conclude.ts'
import { start } from '../running/start.ts'
import { stepOf } from '../running/step.ts'
import { take } from '../running/take.ts'
import { keyRing } from '../sealing/key-ring.ts'
import { sealingWith } from '../sealing/sealed-records.ts'
import { metadataSource } from '../server/metadata.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import { settingsOf, within } from '../settings/settings.ts'
import { systemClock } from '../settings/system-clock.ts'
import type { Announcement } from '../transaction/outcome.ts'
import type { Ended, Taken, TransactionRecord } from '../transaction/record.ts'
import { summaryOf } from '../transaction/summary.ts'
import type { Backchannel, CloseOptions, WaitOptions } from './backchannel.ts'
import { runningOf } from './running.ts'
import { onAbort } from './on-abort.ts'
import { waitingRoom } from './waiting-room.ts'

/** After that many milliseconds a wait looks for itself, should an announcement of another process have been missed. */
const LOOK_AGAIN = 30_000

/** After that many milliseconds it is tried again to tell a subscriber what nobody has taken. */
const TELL_AGAIN = 5000

/**
 * Opens the transactions of an application with one server, and goes on with those that are there.
 *
 * @param options Server, client and its authentication; `backend`, where transactions live; `encryptionKeys`, which seal
 *   what is stored; how fast to be.
 * @returns The object to begin transactions with, and to get their outcomes from.
 * @throws {BackchannelError} `BACKCHANNEL_STORE_IN_USE`: another process has the folder; `BACKCHANNEL_CANNOT_UNSEAL`: what
 *   is there was sealed with a key that was not given.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong option.
 * @see CIBA Core 1.0, sections 7 and 10; RFC 8628, section 3
 */
export async function createBackchannel(options: BackchannelOptions): Promise<Backchannel> {
  const { clock = systemClock, telemetry, concurrency = 32 } = options
  const owner = randomUUID()
  const ended = new AbortController()
  const hurry = new AbortController()
  // every request that is under way listens
  setMaxListeners(0, hurry.signal)
  const parts = {
    options,
    clock,
    owner,
    settings: settingsOf(options),
    metadata: metadataSource(options, clock),
    sealing: sealingWith(await keyRing(options.encryptionKeys)),
    events: emitter(),
    hurry: hurry.signal,
  }
  const { events, sealing } = parts
  const backend = await options.backend({ clock, owner, concurrency: within(concurrency, 'concurrency', 1, 10_000) })
  const { store, scheduler } = backend
  const running = runningOf(parts, backend)
  const room = waitingRoom(backend.announcements)
  const callbacks = handlerOf(running)
  const underWay = new Set<Promise<unknown>>()
  let unobserve: (() => void) | undefined
  let closing: Promise<void> | undefined

  /** Goes on with what is there. */
  async function begin(): Promise<void> {
    const opened = new Set<string>()
    for await (const record of store.records()) {
      await assertOpens(record, opened)
      // the step of a record finds the mark of a process that is gone, also before it is due
      const dueAt = store.exclusive && isOpen(record) ? clock.now() : record.dueAt
      await scheduler.schedule(record.id, dueAt)
    }
    await scheduler.start(stepOf(running))
  }

  /** Each key is tried once: that it is a wrong one is told now, and not when a person has approved. */
  async function assertOpens({ id, secret }: TransactionRecord, opened: Set<string>): Promise<void> {
    const [, kid = ''] = secret.split('.')
    if (opened.has(kid)) return
    await sealing.unseal('secret', id, secret)
    opened.add(kid)
  }

  function assertOpen(): void {
    if (closing !== undefined) throw new BackchannelError(CLOSED, 'this backchannel is closed')
  }

  /** What a caller began is finished before the store is closed. */
  async function finished<T>(act: () => Promise<T>): Promise<T> {
    assertOpen()
    const acting = act()
    underWay.add(acting)
    try {
      return await acting
    } finally {
      underWay.delete(acting)
    }
  }

  async function known(id: string): Promise<TransactionRecord> {
    assertOpen()
    const record = await store.read(id)
    if (record === undefined) throw unknown()
    return record
  }

  async function wait(id: string, { signal }: WaitOptions = {}): Promise<Announcement> {
    signal?.throwIfAborted()
    const sleeping = new AbortController()
    let forget: (() => void) | undefined
    const stopped = new Promise<void>((resolve) => {
      forget = signal && onAbort(signal, resolve)
    })
    try {
      for (;;) {
        // from before the record is read, so that nothing falls in between
        const { heard, leave } = room.enter(id)
        try {
          const record = await known(id)
          if (!isOpen(record)) return announcementOf(record)
          await Promise.race([heard, stopped, ...lookAgain(sleeping.signal)])
        } finally {
          leave()
        }
        signal?.throwIfAborted()
      }
    } finally {
      forget?.()
      sleeping.abort()
    }
  }

  /** Where outcomes can be stored by another process, an announcement of them can be missed. */
  function lookAgain(signal: AbortSignal): readonly Promise<void>[] {
    return store.exclusive ? [] : [clock.sleep(LOOK_AGAIN, signal).catch(() => undefined)]
  }

  function subscribe(listener: (announcement: Announcement) => void): () => void {
    assertOpen()
    const subscription = { ended: false }
    const goOn = () => !subscription.ended && closing === undefined
    const told = (announcement: Announcement) => tell(listener, announcement)
    const untaken = () => void tellUntaken(told, goOn)
    const unlisten = backend.announcements.listen(told, untaken)
    untaken()
    return () => {
      subscription.ended = true
      unlisten()
    }
  }

  async function tellUntaken(listener: (announcement: Announcement) => void, goOn: () => boolean): Promise<void> {
    while (goOn()) {
      try {
        for await (const record of store.records()) {
          if (!goOn()) return
          if (record.state === 'ended') listener(announcementOf(record))
        }
        return
      } catch {
        // without the store it is told when that is back
        await clock.sleep(TELL_AGAIN, ended.signal).catch(() => undefined)
      }
    }
  }

  async function cancel(id: string): Promise<Announcement> {
    await known(id)
    const record = await conclude(running, id, { status: 'cancelled' }, isOpen)
    if (record === undefined || isOpen(record)) throw unknown()
    await running.schedule(record)
    return announcementOf(record)
  }

  async function backlog(): Promise<Backlog> {
    return { ...(await scheduler.backlog()), circuit: running.circuit.state }
  }

  function close({ signal }: CloseOptions = {}): Promise<void> {
    if (signal?.aborted) hurry.abort(signal.reason)
    else signal?.addEventListener('abort', () => hurry.abort(signal.reason))
    closing ??= (async () => {
      ended.abort()
      unobserve?.()
      room.close()
      await Promise.allSettled(underWay)
      await scheduler.stop()
      await backend.close?.()
      await store.close()
    })()
    return closing
  }

  if (telemetry !== undefined) {
    events.on('*', (event) => telemetry.event(event))
    unobserve = telemetry.observe(backlog)
  }
  try {
    await begin()
  } catch (error) {
    await close()
    throw error
  }

  return {
    start: (what) => finished(() => start(running, what)),
    wait,
    async take(id) {
      const record = await known(id)
      if (record.state === 'taken') throw new BackchannelError(OUTCOME_TAKEN, 'the outcome was taken before')
      if (record.state !== 'ended') throw new BackchannelError(NO_OUTCOME, 'the transaction has no outcome yet')
      return await take(running, record)
    },
    subscribe,
    async *list() {
      assertOpen()
      for await (const record of store.records()) yield summaryOf(record)
    },
    async find(id) {
      assertOpen()
      const record = await store.read(id)
      return record && summaryOf(record)
    },
    cancel,
    handler: async (request) =>
      closing === undefined ? await finished(() => callbacks(request)) : new Response(null, { status: 503 }),
    on: (type, listener) => events.on(type, listener),
    backlog,
    close,
  }
}

function unknown(): BackchannelError {
  return new BackchannelError(UNKNOWN_TRANSACTION, 'no transaction with this id is kept')
}

function isOpen(record: TransactionRecord): record is Exclude<TransactionRecord, Ended | Taken> {
  return record.state !== 'ended' && record.state !== 'taken'
}

function announcementOf(record: Ended | Taken): Announcement {
  return { id: record.id, status: record.state === 'ended' ? record.outcome.status : record.status }
}
