// One process with transactions: it begins its share of them, polls, and takes outcomes where it is told to.
import { setTimeout as delay } from 'node:timers/promises'
import { createBackchannel, embedded } from '@countersign/backchannel'
import { redis } from '@countersign/backchannel/redis'
import { customFetch, None } from 'countersign'

/** Starts that are under way at the same time. */
const STARTS = 64

const { origin, path, url, taker, takers } = JSON.parse(process.argv[2])
const issuer = 'https://op.example.com'
const lateness = []

const backchannel = await createBackchannel({
  as: {
    issuer,
    token_endpoint: `${issuer}/token`,
    backchannel_authentication_endpoint: `${issuer}/backchannel`,
    backchannel_token_delivery_modes_supported: ['poll'],
    id_token_signing_alg_values_supported: ['ES256'],
    jwks_uri: `${issuer}/jwks`,
  },
  client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', backchannel_token_delivery_mode: 'poll' },
  clientAuthentication: None(),
  backend: path === undefined ? redis({ connection: url, lockDuration: 5 }) : embedded({ path }),
  encryptionKeys: [{ kid: 'bench', key: new Uint8Array(32).fill(7) }],
  // so that what is late is late by the work, and not on purpose
  jitter: 0,
  [customFetch]: (address, { body, ...request }) =>
    fetch(origin + new URL(address).pathname, { ...request, body: body ?? null }),
})

backchannel.on('poll', ({ delay }) => {
  lateness.push(delay)
  if (taker === undefined) process.send({ polling: true })
})
backchannel.on('resumed', () => process.send({ resumed: true }))
backchannel.on('step-failed', ({ failure }) => process.send({ stepFailed: `${failure.name}: ${failure.message}` }))

if (taker !== undefined) {
  backchannel.subscribe(async ({ id, status }) => {
    if (status === 'cancelled') return
    // who takes what is decided by the id's last hexadecimal digit
    if (parseInt(id.at(-1), 16) % takers !== taker) return
    try {
      const taken = await backchannel.take(id)
      process.send({ taken: id, status: taken.status })
    } catch (error) {
      process.send({ notTaken: id, code: error.code ?? String(error) })
    }
  })
}

/** Begins so many, evenly over the seconds, or as fast as it can. */
async function begin(count, seconds = 0) {
  const ids = []
  const began = performance.now()
  let begun = 0
  const starting = Array.from({ length: STARTS }, async () => {
    while (begun < count) {
      const dueAt = began + (begun++ * seconds * 1000) / count
      if (dueAt > performance.now()) await delay(dueAt - performance.now())
      const { id } = await backchannel.start({ parameters: { scope: 'openid', login_hint: 'anna' } })
      ids.push(id)
    }
  })
  await Promise.all(starting)
  return ids
}

/** How many can be begun in a second, when nothing else is done; they are not kept. */
async function rate(count) {
  const began = performance.now()
  const ids = await begin(count)
  const seconds = (performance.now() - began) / 1000
  for (const id of ids) await backchannel.cancel(id)
  return count / seconds
}

/** Processor time, in milliseconds, since it was asked for the last time; and how many polls that was. */
let last = { cpu: process.cpuUsage(), polls: 0 }
function work() {
  const { user, system } = process.cpuUsage(last.cpu)
  const polls = lateness.length - last.polls
  last = { cpu: process.cpuUsage(), polls: lateness.length }
  return { milliseconds: (user + system) / 1000, polls }
}

async function memory() {
  for (let round = 0; round < 3; round++) {
    await delay(100)
    globalThis.gc()
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { heapUsed, rss }
}

const requests = {
  rate: ({ count }) => rate(count),
  begin: async ({ count, seconds }) => (await begin(count, seconds)).length,
  work: async () => work(),
  memory,
  lateness: async () => lateness,
  close: () => backchannel.close(),
}

process.on('message', async ({ number, request, ...given }) => {
  process.send({ number, result: await requests[request](given) })
  if (request === 'close') process.disconnect()
})
process.on('disconnect', () => process.exit())
process.send({ open: true })
