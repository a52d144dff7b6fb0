import type { Clock } from '../backend/backend.ts'
import type { Announcements } from '../backend/announcements.ts'
import type { Store } from '../backend/store.ts'
import type { BackchannelEvent } from '../events/event.ts'
import type { SpanAttributes } from '../events/telemetry.ts'
import type { Circuit } from '../scheduling/circuit.ts'
import type { Sealing } from '../sealing/sealed-records.ts'
import type { MetadataSource } from '../server/metadata.ts'
import type { ProofKeys } from '../server/proof-keys.ts'
import type { Transport } from '../server/transport.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import type { Settings } from '../settings/settings.ts'
import type { TransactionRecord } from '../transaction/record.ts'

/** What everything that is done to transactions shares. */
export interface Running {
  readonly store: Store
  readonly announcements: Announcements
  readonly sealing: Sealing
  readonly clock: Clock
  /** The name of this process, in marks. */
  readonly owner: string
  readonly options: BackchannelOptions
  readonly settings: Settings
  readonly metadata: MetadataSource
  readonly transport: Transport
  readonly proofKeys: ProofKeys
  readonly circuit: Circuit
  /** Aborts when nobody waits for requests any more. */
  readonly hurry: AbortSignal
  /** From 0 up to 1. */
  readonly random: () => number
  /** Has the step of a record run when it is due: for whatever is stored outside of its step. */
  schedule(record: TransactionRecord): Promise<void>
  emit(event: BackchannelEvent): void
  span<T>(name: string, attributes: SpanAttributes, act: () => Promise<T>): Promise<T>
}

/** What every event tells of its transaction. */
export function about({ clock }: Running, { id, grant, mode }: TransactionRecord) {
  return { at: clock.now(), id, grant, mode }
}

/** Milliseconds between 0 and a share of that time, at random. */
export function jitterOf({ random, settings }: Running, milliseconds: number): number {
  return Math.floor(random() * settings.jitter * milliseconds)
}

/**
 * Stores what a transition makes of a record, on the newest version of it: whoever comes in between is not overwritten.
 *
 * @returns The record that was stored, and the one before; or, where the transition does not allow it, `undefined` and the
 *   record as it is.
 */
export async function update<Next extends TransactionRecord>(
  { store }: Running,
  id: string,
  transition: (record: TransactionRecord) => Next | undefined,
): Promise<{ readonly stored: Next | undefined; readonly before: TransactionRecord | undefined }> {
  for (;;) {
    const before = await store.read(id)
    const next = before === undefined ? undefined : transition(before)
    if (next === undefined || (await store.replace(next))) return { stored: next, before }
  }
}
