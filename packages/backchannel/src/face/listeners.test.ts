import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Announcement } from '../transaction/outcome.ts'
import { localAnnouncements } from '../embedded/local-announcements.ts'
import { localScheduler } from '../scheduling/local-scheduler.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { opened, PARAMETERS, settled } from '../testing/opened.ts'

const warned = vi.fn()

beforeEach(() => {
  warned.mockClear()
  vi.spyOn(process, 'emitWarning').mockImplementation(warned)
})

afterEach(() => {
  vi.restoreAllMocks()
})

function warnings(): unknown[] {
  return warned.mock.calls.map(([text, type]) => [String(text).split('\n')[0], type])
}

const WARNING = ['a listener of a backchannel has failed: Error: the log is full', 'BackchannelWarning']

function throws(): never {
  throw new Error('the log is full')
}

/** As a listener that is an async function does. */
function rejects(): unknown {
  return Promise.reject(new Error('the log is full'))
}

describe('a listener that fails', () => {
  it.each([
    ['throws', throws],
    ['rejects', rejects],
  ])('of events, because it %s, is warned of, and loses no outcome', async (_, fails) => {
    const all = await opened()
    all.backchannel.on('*', fails)
    const heard: string[] = []
    all.backchannel.on('*', ({ type }) => heard.push(type))
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    all.server.approve()
    await all.clock.advance(5000)
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
    await settled()
    expect(heard).toEqual(['started', 'acknowledged', 'poll', 'answered', 'outcome', 'taken'])
    expect(warnings()).toEqual(heard.map(() => WARNING))
  })

  it.each([
    ['throws', throws],
    ['rejects', rejects],
  ])('of outcomes, because it %s, keeps nothing from those who wait and listen', async (_, fails) => {
    const all = await opened()
    all.backchannel.subscribe(fails)
    const told: Announcement[] = []
    all.backchannel.subscribe((announcement) => told.push(announcement))
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const waiting = all.backchannel.wait(id)
    await all.backchannel.cancel(id)
    expect(await waiting).toEqual({ id, status: 'cancelled' })
    expect(told).toEqual([{ id, status: 'cancelled' }])
    expect(all.types).not.toContain('step-failed')
    await settled()
    expect(warnings()).toEqual([WARNING])
    // told again when it subscribes again, and it fails again
    all.backchannel.subscribe(fails)
    await settled()
    expect(warnings()).toEqual([WARNING, WARNING])
  })
})

describe('announcements that fail', () => {
  it('are told as an event: the outcome is stored, and found by whoever looks', async () => {
    const store = memoryStore(false)
    const all = await opened()
    await all.reopen({
      backend: async () => ({
        store,
        scheduler: localScheduler({ clock: all.clock, concurrency: 32 }),
        announcements: { ...localAnnouncements(), publish: () => Promise.reject(new Error('no connection')) },
      }),
    })
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const waiting = all.backchannel.wait(id)
    all.server.approve()
    await all.clock.advance(5000)
    expect(all.events).toContainEqual(
      expect.objectContaining({ type: 'step-failed', id, failure: { name: 'Error', message: 'no connection' } }),
    )
    expect(all.types).toContain('outcome')
    await all.clock.advance(30_000)
    expect(await waiting).toEqual({ id, status: 'approved' })
    expect(await all.backchannel.take(id)).toMatchObject({ status: 'approved' })
  })

  it('that may have been missed are made up for: who waits looks, and who listens is told', async () => {
    const store = memoryStore(false)
    const missed: (() => void)[] = []
    const all = await opened()
    await all.reopen({
      backend: async () => ({
        store,
        scheduler: localScheduler({ clock: all.clock, concurrency: 32 }),
        announcements: {
          publish: () => Promise.resolve(),
          listen: (_listener, onMissed) => {
            missed.push(onMissed)
            return () => undefined
          },
        },
      }),
    })
    const told: Announcement[] = []
    all.backchannel.subscribe((announcement) => told.push(announcement))
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const waiting = all.backchannel.wait(id)
    await all.backchannel.cancel(id)
    await settled()
    expect(told).toEqual([])
    missed.forEach((each) => each())
    expect(await waiting).toEqual({ id, status: 'cancelled' })
    await settled()
    expect(told).toEqual([{ id, status: 'cancelled' }])
  })

  it('are told to a subscriber when the store can be read again', async () => {
    const store = memoryStore()
    let away = false
    const all = await opened()
    await all.reopen({
      backend: async () => ({
        store: {
          ...store,
          records: (filter) => {
            if (away) throw new Error('the store is away')
            return store.records(filter)
          },
        },
        scheduler: localScheduler({ clock: all.clock, concurrency: 32 }),
        announcements: localAnnouncements(),
      }),
    })
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    await all.backchannel.cancel(id)
    away = true
    const told: Announcement[] = []
    all.backchannel.subscribe((announcement) => told.push(announcement))
    await all.clock.advance(12_000)
    expect(told).toEqual([])
    away = false
    await all.clock.advance(5000)
    expect(told).toEqual([{ id, status: 'cancelled' }])
    await all.backchannel.close()
    expect(all.clock.sleepers()).toBe(0)
  })
})

describe('many who wait', () => {
  it('for requests that are under way, or with one signal, cause no warning', async () => {
    const all = await opened({}, { concurrency: 64 })
    const shutdown = new AbortController()
    const ids: string[] = []
    for (let number = 0; number < 40; number++) {
      ids.push((await all.backchannel.start({ parameters: PARAMETERS })).id)
    }
    const waiting = ids.map((id) => all.backchannel.wait(id, { signal: shutdown.signal }))
    const ended = Promise.allSettled(waiting)
    all.server.latency = 1000
    await all.clock.advance(5500)
    expect(await all.backchannel.backlog()).toMatchObject({ running: 32 })
    const reason = new Error('the process ends')
    shutdown.abort(reason)
    expect(await ended).toEqual(ids.map(() => ({ status: 'rejected', reason })))
    expect(warned.mock.calls).toEqual([])
  })

  it('for hours, and look again now and then, cause no warning', async () => {
    const all = await opened({ expiresIn: 7200 }, {}, false)
    const { id } = await all.backchannel.start({ parameters: PARAMETERS })
    const waiting = all.backchannel.wait(id, { signal: new AbortController().signal })
    await all.clock.advance(1_200_000)
    all.server.deny()
    await all.clock.advance(40_000)
    expect(await waiting).toEqual({ id, status: 'refused' })
    expect(warned.mock.calls).toEqual([])
  })
})
