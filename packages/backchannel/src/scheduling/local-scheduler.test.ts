import { describe, expect, it } from 'vitest'
import { fakeClock } from '../testing/fake-clock.ts'
import { BEGUN_AT } from '../testing/records.ts'
import { localScheduler } from './local-scheduler.ts'

function scheduled(concurrency = 10) {
  const clock = fakeClock()
  return { clock, scheduler: localScheduler({ clock, concurrency }), ran: [] as string[] }
}

describe('the scheduler of one process', () => {
  it('runs steps when they are due, in their order, by one timer', async () => {
    const { clock, scheduler, ran } = scheduled()
    for (const [id, wait] of [
      ['late', 300],
      ['early', 100],
      ['middle', 200],
    ] as const) {
      await scheduler.schedule(id, BEGUN_AT + wait)
    }
    expect(clock.sleepers()).toBe(0)
    await scheduler.start(async (id) => {
      ran.push(`${id} at ${clock.now() - BEGUN_AT}`)
      return undefined
    })
    expect(clock.sleepers()).toBe(1)
    await clock.advance(1000)
    expect(ran).toEqual(['early at 100', 'middle at 200', 'late at 300'])
    expect(await scheduler.backlog()).toEqual({ scheduled: 0, overdue: 0, running: 0, delay: 0 })
    expect(clock.sleepers()).toBe(0)
  })

  it('runs a step again when it says', async () => {
    const { clock, scheduler, ran } = scheduled()
    await scheduler.start(async (id) => {
      ran.push(id)
      return ran.length < 3 ? clock.now() + 50 : undefined
    })
    await scheduler.schedule('a', BEGUN_AT)
    await clock.advance(49)
    expect(ran).toHaveLength(1)
    await clock.advance(1000)
    expect(ran).toHaveLength(3)
  })

  it('wakes for what is earlier than what it sleeps for, and forgets a moment that was replaced', async () => {
    const { clock, scheduler, ran } = scheduled()
    await scheduler.start(async (id) => {
      ran.push(`${id} at ${clock.now() - BEGUN_AT}`)
      return undefined
    })
    await scheduler.schedule('a', BEGUN_AT + 1000)
    await scheduler.schedule('b', BEGUN_AT + 10)
    await scheduler.schedule('a', BEGUN_AT + 2000)
    expect(clock.sleepers()).toBe(1)
    await clock.advance(1500)
    expect(ran).toEqual(['b at 10'])
    await clock.advance(1500)
    expect(ran).toEqual(['b at 10', 'a at 2000'])
  })

  it('runs no more than its share at the same time, and shows what waits', async () => {
    const { clock, scheduler } = scheduled(2)
    let most = 0
    let now = 0
    await scheduler.start(async () => {
      most = Math.max(most, ++now)
      await clock.sleep(100, undefined)
      now--
      return undefined
    })
    for (const id of 'abcde') await scheduler.schedule(id, BEGUN_AT)
    await clock.advance(50)
    expect(await scheduler.backlog()).toEqual({ scheduled: 5, overdue: 3, running: 2, delay: 50 })
    await clock.advance(250)
    expect(most).toBe(2)
    expect(await scheduler.backlog()).toEqual({ scheduled: 0, overdue: 0, running: 0, delay: 0 })
  })

  it('never runs two steps of one transaction, and runs it again when it was scheduled meanwhile', async () => {
    const { clock, scheduler, ran } = scheduled()
    await scheduler.start(async () => {
      ran.push(`begins ${clock.now() - BEGUN_AT}`)
      await clock.sleep(100, undefined)
      ran.push(`ends ${clock.now() - BEGUN_AT}`)
      return ran.length < 4 ? clock.now() + 5000 : undefined
    })
    await scheduler.schedule('a', BEGUN_AT)
    await clock.advance(10)
    await scheduler.schedule('a', BEGUN_AT + 5)
    await clock.advance(1000)
    expect(ran).toEqual(['begins 0', 'ends 100', 'begins 100', 'ends 200'])
  })

  it('tries a step again that threw', async () => {
    const { clock, scheduler, ran } = scheduled()
    await scheduler.start(async (id) => {
      ran.push(id)
      if (ran.length === 1) throw new Error('no store')
      return undefined
    })
    await scheduler.schedule('a', BEGUN_AT)
    await clock.advance(4999)
    expect(ran).toHaveLength(1)
    await clock.advance(1)
    expect(ran).toHaveLength(2)
  })

  it('begins nothing more when it is stopped, and waits for what is under way', async () => {
    const { clock, scheduler, ran } = scheduled(1)
    await scheduler.start(async (id) => {
      await clock.sleep(100, undefined)
      ran.push(id)
      return clock.now()
    })
    await scheduler.schedule('a', BEGUN_AT)
    await scheduler.schedule('b', BEGUN_AT)
    let stopped = false
    const stopping = scheduler.stop().then(() => (stopped = true))
    await clock.advance(50)
    expect(stopped).toBe(false)
    await clock.advance(1000)
    await stopping
    expect(ran).toEqual(['a'])
  })
})
