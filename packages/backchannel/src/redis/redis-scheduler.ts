import { DelayedError, Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Clock } from '../backend/backend.ts'
import type { Scheduler, Step } from '../backend/scheduler.ts'
import type { Keys } from './keys.ts'

/** What a {@link redisScheduler} works with. */
export interface RedisSchedulerOptions {
  readonly keys: Keys
  readonly clock: Clock
  /** Steps at the same time at most. */
  readonly concurrency: number
  /** Milliseconds that a process may stand still until another one runs its steps. */
  readonly lockDuration: number
  /** For commands that reject when Redis is gone. */
  readonly client: Redis
  /** Waits for Redis; the scheduler ends it. */
  readonly workerClient: Redis
}

const QUEUE = 'steps'
const STEP = 'step'

/** A step that could not be done is tried again after this time, in milliseconds. */
const RETRY_AFTER = 5000

/** So often it is looked for steps that have no job, in milliseconds. */
const SWEEP_EVERY = 15_000

/** Steps whose job is made again at a time, at most. */
const SWEPT = 1000

/** BullMQ's code for a job that is not there. */
const JOB_NOT_EXIST = -1

/** BullMQ's code for a job that waits already, or is under way. */
const JOB_NOT_IN_STATE = -3

/**
 * Runs steps in any of many processes, by a BullMQ job for each transaction that is delayed until its step is due. A step may
 * be run sooner than it was scheduled last, never later: of the moments that were asked for, the earliest counts until the
 * step begins. That is in a sorted set beside the jobs, so that what is asked for while a job is under way is not lost.
 */
export function redisScheduler(options: RedisSchedulerOptions): Scheduler {
  const { keys, clock, concurrency, lockDuration, client, workerClient } = options
  const queue = new Queue(QUEUE, {
    connection: client,
    prefix: keys.prefix,
    // nobody reads them
    streams: { events: { maxLen: 10 } },
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: true,
      // a job fails where Redis does, for no reason of its own
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'fixed', delay: 1000 },
    },
  })
  // whoever asked for something is told
  queue.on('error', () => undefined)
  let worker: Worker | undefined
  let sweeping: NodeJS.Timeout | undefined
  let running = 0

  /** Notes a moment, unless an earlier one is noted, and gives the earliest. */
  async function ask(id: string, dueAt: number): Promise<number> {
    // both are sent at once, and carried out in this order
    const [, earliest] = await Promise.all([client.zadd(keys.due, 'LT', dueAt, id), asked(id)])
    return earliest ?? dueAt
  }

  async function asked(id: string): Promise<number | undefined> {
    const score = await client.zscore(keys.due, id)
    return score === null ? undefined : Number(score)
  }

  /** Brings the job to the moment that is asked for, and looks again whether that is still it. */
  async function arrange(id: string, moment: number): Promise<void> {
    for (let dueAt: number | undefined = moment; dueAt !== undefined;) {
      if (!(await changeDelay(id, delayUntil(dueAt)))) {
        await queue.add(STEP, {}, { jobId: id, delay: delayUntil(dueAt) })
      }
      const now = await asked(id)
      if (now === dueAt) return
      dueAt = now
    }
  }

  /** @returns Whether there is a job. */
  async function changeDelay(id: string, delay: number): Promise<boolean> {
    try {
      await new Job(queue, STEP, {}, {}, id).changeDelay(delay)
      return true
    } catch (error) {
      const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
      // one that is under way looks at what was asked for when its step has ended
      if (code === JOB_NOT_IN_STATE) return true
      if (code === JOB_NOT_EXIST) return false
      throw error
    }
  }

  function delayUntil(dueAt: number): number {
    return Math.max(0, Math.ceil(dueAt - clock.now()))
  }

  async function run(step: Step, job: Job, token: string | undefined): Promise<void> {
    const { id } = job
    if (id === undefined) throw new Error('a job has the name of its transaction')
    await client.zrem(keys.due, id)
    const next = await stepped(step, id)
    const dueAt = next === undefined ? await asked(id) : await ask(id, next)
    if (dueAt === undefined) return
    await job.moveToDelayed(Date.now() + delayUntil(dueAt), token)
    const now = await asked(id)
    if (now !== undefined && now !== dueAt) await arrange(id, now)
    throw new DelayedError()
  }

  async function stepped(step: Step, id: string): Promise<number | undefined> {
    running++
    try {
      return await step(id)
    } catch {
      // a step reports its own failures
      return clock.now() + RETRY_AFTER
    } finally {
      running--
    }
  }

  /** Steps whose process ended between storing a record and making its job get one; those that have one keep it. */
  async function sweep(): Promise<void> {
    const before = clock.now() - SWEEP_EVERY
    const late = await Promise.all(
      [keys.records, keys.due].map((set) => client.zrangebyscore(set, '-inf', before, 'LIMIT', 0, SWEPT)),
    )
    const jobs = [...new Set(late.flat())].map((jobId) => ({ name: STEP, data: {}, opts: { jobId } }))
    if (jobs.length > 0) await queue.addBulk(jobs)
  }

  return {
    async start(step) {
      worker = new Worker(QUEUE, (job, token) => run(step, job, token), {
        connection: workerClient,
        prefix: keys.prefix,
        concurrency,
        lockDuration,
        stalledInterval: lockDuration,
        // that a process ended, or stood still, says nothing about the step
        maxStalledCount: Number.MAX_SAFE_INTEGER,
      })
      // the worker connects again by itself, and a job whose lock was lost is another's
      worker.on('error', () => undefined)
      await worker.waitUntilReady()
      sweeping = setInterval(() => void sweep().catch(() => undefined), SWEEP_EVERY)
      sweeping.unref()
    },
    async schedule(id, dueAt) {
      await arrange(id, await ask(id, dueAt))
    },
    async backlog() {
      const [counts, overdue, [, earliest]] = await Promise.all([
        queue.getJobCounts('active', 'delayed', 'wait'),
        client.zcount(keys.due, '-inf', clock.now()),
        client.zrange(keys.due, '0', '0', 'WITHSCORES'),
      ])
      const scheduled = Object.values(counts).reduce((sum, count) => sum + count, 0)
      const delay = earliest === undefined ? 0 : Math.max(0, clock.now() - Number(earliest))
      return { scheduled, overdue, running, delay }
    },
    async stop() {
      clearInterval(sweeping)
      await worker?.close()
      await queue.close()
      workerClient.disconnect()
    },
  }
}
