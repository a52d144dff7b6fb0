import type { Backend, Clock } from '../backend/backend.ts'
import type { Emitter } from '../events/emitter.ts'
import type { Running } from '../running/context.ts'
import { circuit } from '../scheduling/circuit.ts'
import type { Sealing } from '../sealing/sealed-records.ts'
import type { MetadataSource } from '../server/metadata.ts'
import { proofKeys } from '../server/proof-keys.ts'
import { transportOf } from '../server/transport.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import { type Settings, within } from '../settings/settings.ts'

/** What was made of the options before there was a backend. */
export interface Parts {
  readonly options: BackchannelOptions
  readonly settings: Settings
  readonly clock: Clock
  readonly owner: string
  readonly metadata: MetadataSource
  readonly sealing: Sealing
  readonly events: Emitter
  readonly hurry: AbortSignal
}

/** The circuit stays open for no longer than that, in milliseconds. */
const LONGEST_PAUSE = 60_000

/** Puts together what steps, starts and callbacks share. */
export function runningOf({ events, ...parts }: Parts, { store, announcements, scheduler }: Backend): Running {
  const { options, settings, clock } = parts
  const { circuitThreshold = 5, circuitPause = 5, random = Math.random, telemetry } = options
  return {
    ...parts,
    store,
    announcements,
    transport: transportOf(options),
    proofKeys: proofKeys(settings.client, settings.sharedKeyPair, settings.keyPerTransaction),
    circuit: circuit({
      threshold: within(circuitThreshold, 'circuitThreshold', 1, Number.MAX_SAFE_INTEGER),
      pause: within(circuitPause, 'circuitPause', 0.001, 60) * 1000,
      longestPause: LONGEST_PAUSE,
      onOpen: (until) => events.emit({ type: 'circuit-opened', at: clock.now(), until }),
      onClose: () => events.emit({ type: 'circuit-closed', at: clock.now() }),
    }),
    random,
    schedule: ({ id, dueAt }) => scheduler.schedule(id, dueAt),
    emit: (event) => events.emit(event),
    span: async (name, attributes, act) => (telemetry ? await telemetry.span(name, attributes, act) : await act()),
  }
}
