// Runs the examples of @countersign/backchannel against a real OpenID Provider.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backchannel } from '@countersign/backchannel'
import { type ProviderOptions, type RunningProvider, startProvider } from '@countersign/cli/provider'
import { allowInsecureRequests, ClientSecretPost } from 'countersign'
import { getRequestListener } from '@hono/node-server'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCertificateAuthority } from '@countersign/cli/tls'
import * as example from './backchannel.ts'
import * as expressExample from './backchannel-express.ts'
import * as honoExample from './backchannel-hono.ts'
import * as nodeExample from './backchannel-node-http.ts'

const SECRET = 'a-secret-of-the-tests-of-32-bytes'

let folder: string
let stop: (() => unknown)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-example-'))
})

afterEach(async () => {
  for (const end of stop.reverse()) await end()
  stop = []
  await rm(folder, { recursive: true })
})

type Registration = NonNullable<ProviderOptions['clients']>[number]

async function provide(registration: Partial<Registration>, more: ProviderOptions = {}): Promise<RunningProvider> {
  const client = { client_id: 'shop', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' as const }
  const provider = await startProvider({ clients: [{ ...client, ...registration }], interval: 1, ...more })
  stop.push(() => provider.close())
  return provider
}

async function open(provider: RunningProvider, mode: 'ping' | 'poll'): Promise<Backchannel> {
  const signIns = await example.openSignIns({
    issuer: new URL(provider.issuer),
    client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', backchannel_token_delivery_mode: mode },
    clientAuthentication: ClientSecretPost(SECRET),
    folder,
    key: new Uint8Array(32).fill(1),
    transport: { [allowInsecureRequests]: true },
  })
  stop.push(() => signIns.close())
  return signIns
}

describe('backchannel.ts', () => {
  it('asks once for an order, and tells what the person said', async () => {
    const provider = await provide({})
    const signIns = await open(provider, 'poll')
    const shown = provider.phone.next()
    const answer = example.isApproved(signIns, 'order-5', 'anna')
    await provider.phone.approve((await shown).authReqId)
    expect(await answer).toBe('approved by anna')
  })

  it('tells that an order was refused', async () => {
    const provider = await provide({})
    const signIns = await open(provider, 'poll')
    const shown = provider.phone.next()
    const answer = example.isApproved(signIns, 'order-6', 'anna')
    await provider.phone.deny((await shown).authReqId)
    expect(await answer).toBe('refused')
  })

  it('tells that an order was not answered in time', async () => {
    const provider = await provide({}, { expiresIn: 2 })
    const signIns = await open(provider, 'poll')
    expect(await example.isApproved(signIns, 'order-7', 'anna')).toBe('not answered')
  })
})

describe.each<[string, (signIns: Backchannel) => RequestListener]>([
  ['backchannel-node-http.ts', nodeExample.listener],
  ['backchannel-hono.ts', (signIns) => getRequestListener(honoExample.app(signIns).fetch)],
  ['backchannel-express.ts', expressExample.app],
])('%s', (_, listenerOf) => {
  it('takes a ping, by TLS', async () => {
    const authority = await createCertificateAuthority('authority of the shop')
    const mounted: { signIns?: Backchannel } = {}
    const server = createTlsServer(await authority.issue('CN=localhost', 'localhost'), (incoming, outgoing) => {
      if (mounted.signIns !== undefined) listenerOf(mounted.signIns)(incoming, outgoing)
    })
    const url = `https://localhost:${await portOf(server)}/notifications`
    const dispatcher = new Agent({ connect: { ca: authority.certificate } })
    stop.push(() => dispatcher.destroy())
    const statuses: number[] = []
    const provider = await provide(
      { backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: url },
      {
        async fetch(input, init) {
          // undici's declarations differ from the DOM's in names only
          const options = init as Parameters<typeof undiciFetch>[1]
          const response = await undiciFetch(String(input), { ...options, dispatcher })
          statuses.push(response.status)
          return response as unknown as Response
        },
      },
    )
    const signIns = await open(provider, 'ping')
    mounted.signIns = signIns
    const shown = provider.phone.next()
    const { id } = await signIns.start({ parameters: { scope: 'openid', login_hint: 'anna' } })
    await provider.phone.approve((await shown).authReqId)
    expect(statuses).toEqual([204])
    expect(await signIns.wait(id)).toEqual({ id, status: 'approved' })
  })

  it('answers what is no callback as it should, and leaves other addresses alone', async () => {
    const provider = await provide({})
    const server = createServer(listenerOf(await open(provider, 'ping')))
    const origin = `http://127.0.0.1:${await portOf(server)}`
    expect((await fetch(`${origin}/notifications`)).status).toBe(405)
    const json = { 'content-type': 'application/json' }
    const body = '{"auth_req_id":"a"}'
    expect((await fetch(`${origin}/notifications`, { method: 'POST', headers: json, body })).status).toBe(401)
    const wrong = { ...json, authorization: 'Bearer wrong' }
    expect((await fetch(`${origin}/notifications`, { method: 'POST', headers: wrong, body })).status).toBe(401)
    expect((await fetch(`${origin}/other`)).status).toBe(404)
  })
})

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop.push(() => new Promise((resolve) => server.close(resolve)))
  // it listens on a port
  return (server.address() as AddressInfo).port
}
