// The process that is killed: a backchannel on its real store, in which every write and every request is a numbered point.
// It begins a transaction, or finds the one that it began before, waits for its outcome, takes it, and tells its parent.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { createBackchannel, embedded } from '@countersign/backchannel'
import { allowInsecureRequests, customFetch, None } from 'countersign'

/** @type {import('./scenario.ts').ChildTask} */
const task = JSON.parse(process.argv[2] ?? '')
const { folder, origin, killAt, speed, epoch, mode, dpop } = task

const clock = {
  now: () => epoch + (Date.now() - epoch) * speed,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(milliseconds / speed, 0x7fffffff))
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
}

let count = 0

/** Ends the process here and now, if this is the point. */
async function point(label) {
  count++
  // what happens after the outcome was told is not counted
  if (!process.connected) return
  process.send({ type: 'point', count, label })
  if (count !== killAt) return
  // what was sent must have left
  await new Promise((resolve) => process.send({ type: 'killed', count, label }, resolve))
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => {})
}

function instrumented(store) {
  const writes = {}
  for (const method of ['create', 'replace', 'remove']) {
    writes[method] = async (record) => {
      const label = `${method} ${record.state}`
      await point(`before ${label}`)
      const result = await store[method](record)
      await point(`after ${label}`)
      return result
    }
  }
  return { ...store, ...writes }
}

async function send(url, request) {
  const label = new URL(url).pathname.slice(1)
  await point(`before ${label}`)
  const answer = await fetch(url, { ...request, body: request.body ?? null })
  const body = await answer.text()
  await point(`after ${label} ${answer.status}`)
  return new Response(body, { status: answer.status, headers: answer.headers })
}

const open = embedded({ path: folder })
const backchannel = await createBackchannel({
  as: {
    issuer: origin,
    token_endpoint: `${origin}/token`,
    backchannel_authentication_endpoint: `${origin}/backchannel`,
    backchannel_token_delivery_modes_supported: ['poll', 'ping', 'push'],
    id_token_signing_alg_values_supported: ['ES256'],
    jwks_uri: `${origin}/jwks`,
  },
  client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', backchannel_token_delivery_mode: mode },
  clientAuthentication: None(),
  backend: async (context) => {
    const backend = await open(context)
    return { ...backend, store: instrumented(backend.store) }
  },
  encryptionKeys: [{ kid: 'crash', key: new Uint8Array(32).fill(7) }],
  ...(dpop && { DPoP: 'per-transaction' }),
  pingFallbackInterval: 5,
  longestExpiry: 100,
  jitter: 0,
  clock,
  [customFetch]: send,
  [allowInsecureRequests]: true,
})

const server = createServer(async (incoming, outgoing) => {
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { method, headers } = incoming
  const request = new Request('https://shop.example.com/', { method, headers, body: Buffer.concat(chunks) })
  const { status } = await backchannel.handler(request)
  await point(`before callback ${status}`)
  outgoing.writeHead(status).end()
})
await once(server.listen(0, '127.0.0.1'), 'listening')
process.send({ type: 'ready', port: server.address().port })

const parameters = { scope: 'openid', login_hint: 'anna' }
const { id } = await backchannel.start({ parameters, idempotencyKey: 'once' })
await backchannel.wait(id)
const told = await backchannel.take(id).then(
  (outcome) => ({ type: 'outcome', outcome: { ...outcome, DPoP: outcome.DPoP !== undefined } }),
  (error) => ({ type: 'not-taken', code: error.code }),
)
process.send(told)
server.closeAllConnections()
server.close()
await backchannel.close()
process.disconnect()
