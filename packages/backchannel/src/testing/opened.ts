import { type Client, customFetch, None } from 'countersign'
import type { OpenBackend } from '../backend/backend.ts'
import type { Store } from '../backend/store.ts'
import { localAnnouncements } from '../embedded/local-announcements.ts'
import type { BackchannelEvent } from '../events/event.ts'
import type { Backchannel } from '../face/backchannel.ts'
import { createBackchannel } from '../face/create.ts'
import { localScheduler } from '../scheduling/local-scheduler.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import { type FakeClock, fakeClock, settled } from './fake-clock.ts'
import { memoryStore } from './memory-store.ts'
import { type SimulatedServer, simulatedServer, type SimulatedServerOptions } from './simulated-server.ts'

/** A backchannel in memory, its server, and the clock of both. */
export interface Opened {
  readonly clock: FakeClock
  readonly server: SimulatedServer
  readonly store: Store
  /** The type of every event, in their order. */
  readonly types: string[]
  readonly events: BackchannelEvent[]
  backchannel: Backchannel
  /** As if the process had been killed: what is under way goes nowhere, and another one opens the same store. */
  reopen(options?: Partial<BackchannelOptions>): Promise<void>
  /** Another process on the same store, at the same time. */
  another(options?: Partial<BackchannelOptions>): Promise<Backchannel>
}

export const ENCRYPTION_KEY = { kid: 'test', key: new Uint8Array(32).fill(7) }

export const PARAMETERS = { scope: 'openid', login_hint: 'anna' }

/** The next steps of everything that is under way. */
export { settled }

export async function opened(
  serverOptions: Partial<SimulatedServerOptions> = {},
  options: Partial<BackchannelOptions> = {},
  exclusive = true,
): Promise<Opened> {
  const clock = fakeClock()
  const server = simulatedServer({ clock: clock.steady, ...serverOptions })
  const store = memoryStore(exclusive)
  const events: BackchannelEvent[] = []
  const types: string[] = []
  let alive = { dead: false }

  async function open(more: Partial<BackchannelOptions>): Promise<Backchannel> {
    const life = { dead: false }
    alive = life
    const backend: OpenBackend = async () => ({
      store: mortal(store, life),
      scheduler: localScheduler({ clock, concurrency: 32 }),
      announcements: localAnnouncements(),
    })
    const client: Client = {
      client_id: 'shop',
      id_token_signed_response_alg: 'ES256',
      backchannel_token_delivery_mode: serverOptions.mode ?? 'poll',
    }
    const backchannel = await createBackchannel({
      as: server.as,
      client,
      clientAuthentication: None(),
      backend,
      encryptionKeys: [ENCRYPTION_KEY],
      clock,
      random: () => 0,
      [customFetch]: (url, request) => server.fetch(url, request),
      ...options,
      ...more,
      // the two forms of naming a server do not survive being spread
    } as BackchannelOptions)
    backchannel.on('*', (event) => {
      if (life.dead) return
      events.push(event)
      types.push(event.type)
    })
    return backchannel
  }

  const all: Opened = {
    clock,
    server,
    store,
    events,
    types,
    backchannel: await open({}),
    async reopen(more = {}) {
      alive.dead = true
      all.backchannel = await open(more)
    },
    another: (more = {}) => open(more),
  }
  return all
}

/** A store that a process which was killed gets nothing into any more, and nothing out of. */
function mortal(store: Store, life: { readonly dead: boolean }): Store {
  const never = new Promise<never>(() => {})
  const isDead = () => life.dead
  const guard =
    <Arguments extends unknown[], Result>(act: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      await (isDead() && never)
      const result = await act(...given)
      // it may have been killed while the store worked
      await (isDead() && never)
      return result
    }
  return {
    ...store,
    create: guard((record) => store.create(record)),
    read: guard((id) => store.read(id)),
    replace: guard((record) => store.replace(record)),
    remove: guard((record) => store.remove(record)),
    findByNotificationToken: guard((hash) => store.findByNotificationToken(hash)),
  }
}
