// `npm run bench:backchannel`: many pending transactions in one process on the embedded store, and fewer over three processes
// on Redis of which one is killed. Nothing may be lost, nothing polled too early or twice at once; else it ends with 1.
//
//   --quick          a small run
//   --embedded 5000  so many in one process; 0 for none
//   --redis 1000     so many over three processes; 0 for none
//   --interval 60    seconds between two polls of a transaction; by itself one that two cores with some room keep up with
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startClient, startRedis, startServer } from './processes.mjs'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    embedded: { type: 'string' },
    redis: { type: 'string' },
    interval: { type: 'string' },
  },
})

const sizes = {
  embedded: Number(values.embedded ?? (values.quick ? 2000 : 100_000)),
  redis: Number(values.redis ?? (values.quick ? 300 : 10_000)),
}

/**
 * Transactions that one process, and three, poll within a second without being late, on two cores with some room. They are
 * begun as evenly: who begins them all at once has them all to poll at once.
 */
const PER_SECOND = { embedded: 200, redis: 100 }

/** So many starts show how fast they can be. */
const TRIAL = 1000

/** Seconds between two polls of a transaction. */
const intervalOf = (kind) => Number(values.interval ?? Math.max(5, Math.ceil(sizes[kind] / PER_SECOND[kind])))

/** A token request of a process that is gone is waited for so long, in seconds; its interval comes on top. */
const TAKEOVER = 85

let failed = false

function print(name, value, mustBe) {
  const bad = mustBe !== undefined && value !== mustBe
  failed ||= bad
  console.log(`  ${name.padEnd(46)} ${value}${bad ? `   must be ${mustBe}` : ''}`)
}

/** Collects what clients tell. */
function book() {
  const statuses = new Map()
  const kept = { twice: 0, resumed: 0, failures: new Map() }
  return {
    statuses,
    kept,
    listener({ taken, status, notTaken, code, resumed, stepFailed }) {
      if (taken !== undefined && statuses.has(taken)) kept.twice++
      if (taken !== undefined) statuses.set(taken, status)
      if (resumed) kept.resumed++
      const failure = stepFailed ?? (notTaken === undefined ? undefined : code)
      if (failure !== undefined) kept.failures.set(failure, (kept.failures.get(failure) ?? 0) + 1)
    },
  }
}

/** Waits for all outcomes, or until nothing has come for long enough that nothing will. */
async function allTaken({ statuses }, count, longest) {
  for (let quiet = 0, before = 0; statuses.size < count && quiet < longest; quiet++) {
    await delay(1000)
    if (statuses.size !== before) quiet = 0
    before = statuses.size
  }
}

function report(count, interval, began, { statuses, kept }, counts, lateness, { milliseconds, polls }) {
  const sorted = Float64Array.from(lateness).sort()
  const at = (share) => `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)} ms`
  const approved = [...statuses.values()].filter((status) => status === 'approved').length
  print('token requests', counts.tokenRequests)
  print('processor time for each, and its outcome', `${(milliseconds / polls).toFixed(2)} ms`)
  print('poll lateness, median', at(0.5))
  print('poll lateness, 99 of 100', at(0.99))
  print('poll lateness, longest', at(1))
  print('outcomes', statuses.size, count)
  print('of them approved', approved, count)
  print('lost', count - statuses.size, 0)
  print('taken twice', kept.twice, 0)
  print('polled too early', counts.early, 0)
  print('polled twice at once', counts.doubled, 0)
  print('redeemed twice', counts.redeemedTwice, 0)
  for (const [failure, times] of kept.failures) print(`failure: ${failure}`, times)
  print('the run took', `${Math.round((Date.now() - began) / 1000)} s`)
  print(
    'load of the machine',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(', '),
  )
}

async function embeddedRun(count, folder) {
  const interval = intervalOf('embedded')
  console.log(`\n${count} pending transactions in one process, on the embedded store`)
  const began = Date.now()
  const server = await startServer(interval)
  const told = book()
  const client = await startClient({ origin: server.origin, path: folder, taker: 0, takers: 1 }, told.listener)
  print(
    'starts in a second, as fast as it can',
    Math.round(await client.ask('rate', { count: Math.min(count, TRIAL) })),
  )
  print('interval', `${interval} s: ${Math.round(count / interval)} polls in a second`)
  const before = await client.ask('memory')
  await client.ask('begin', { count, seconds: interval })
  const after = await client.ask('memory')
  for (const kind of ['heapUsed', 'rss']) {
    print(`${kind} for each transaction`, `${Math.round((after[kind] - before[kind]) / count)} bytes`)
  }
  print('heapUsed, rss', `${Math.round(after.heapUsed / 1e6)} MB, ${Math.round(after.rss / 1e6)} MB`)
  await client.ask('work')
  server.approveWithin(interval)
  await allTaken(told, count, 2 * interval + 60)
  const work = await client.ask('work')
  report(count, interval, began, told, await server.counts(), await client.ask('lateness'), work)
  await client.ask('close')
  await server.stop()
}

async function redisRun(count, folder) {
  const redis = await startRedis(folder)
  if (redis === undefined) {
    console.log(
      '\nskipped: three processes on Redis; to install it: apt-get install --no-install-recommends redis-server',
    )
    return
  }
  const interval = intervalOf('redis')
  console.log(`\n${count} pending transactions over three processes on Redis, of which one is killed`)
  const began = Date.now()
  const server = await startServer(interval)
  const told = book()
  const task = { origin: server.origin, url: redis.url, takers: 2 }
  let onPolling = () => {}
  const listener = (message) => (message.polling ? onPolling() : told.listener(message))
  const clients = await Promise.all([0, 1, undefined].map((taker) => startClient({ ...task, taker }, listener)))
  const shares = [0, 1, 2].map((place) => Math.floor((count + place) / 3))
  print('interval', `${interval} s: ${Math.round(count / interval)} polls in a second`)
  await Promise.all(clients.map((client, place) => client.ask('begin', { count: shares[place], seconds: interval })))
  // it is killed in the middle of its polls, and before anybody approves: what is redeemed at that moment ends as lost
  await delay(interval * 500)
  await new Promise((resolve) => (onPolling = resolve))
  await clients.pop().kill()
  await delay(interval * 500)
  await Promise.all(clients.map((client) => client.ask('work')))
  server.approveWithin(interval)
  await allTaken(told, count, TAKEOVER + 2 * interval + 60)
  const works = await Promise.all(clients.map((client) => client.ask('work')))
  const work = {
    milliseconds: works.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    polls: works.reduce((sum, { polls }) => sum + polls, 0),
  }
  print('polls of the killed process taken over', told.kept.resumed)
  const lateness = (await Promise.all(clients.map((client) => client.ask('lateness')))).flat()
  report(count, interval, began, told, await server.counts(), lateness, work)
  await Promise.all(clients.map((client) => client.ask('close')))
  await server.stop()
  await redis.stop()
}

for (const [kind, run] of Object.entries({ embedded: embeddedRun, redis: redisRun })) {
  if (sizes[kind] === 0) continue
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  try {
    await run(sizes[kind], folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
process.exitCode = failed ? 1 : 0
