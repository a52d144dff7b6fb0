import { createServer, type Server } from 'node:http'
import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  backchannelAuthenticationGrantRequest,
  backchannelAuthenticationRequest,
  customFetch,
  discoveryRequest,
} from 'countersign'
import { close, portOf } from './bare-provider.ts'
import { forFetch } from './outgoing.ts'
import { authenticate, discover, insecure, poll, type Relationship, userInfo } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

describe('how requests leave', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startProvider({ clients: [registrationOf('shop')] })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  it("signs in through undici's own fetch, whose Response is not the global one", async () => {
    const sent: string[] = []
    const transport: Relationship['transport'] = {
      ...insecure,
      async [customFetch](url, init) {
        sent.push(`${init.method} ${new URL(url).pathname}`)
        const response = await undiciFetch(url, forFetch(init))
        expect(response).not.toBeInstanceOf(Response)
        // undici's declarations differ from the DOM's in names only; what it does is what this test is about
        return response as unknown as Response
      },
    }
    const foreign = { ...shop, transport, as: await discover(provider.issuer, transport) }
    const { auth_req_id } = await authenticate(foreign)
    await provider.phone.approve(auth_req_id)
    const signedIn = await poll(foreign, auth_req_id)
    expect(await userInfo(foreign, signedIn)).toMatchObject({ sub: 'anna' })
    expect(sent).toEqual([
      'GET /.well-known/openid-configuration',
      'POST /backchannel',
      'POST /token',
      'GET /jwks',
      'GET /me',
    ])
  })

  it('carries headers of the caller, and follows no redirect by itself', async () => {
    const { as, client, authentication } = shop
    const seen: { headers: Record<string, string>; redirect: string }[] = []
    const parameters = { scope: 'openid', login_hint: 'anna' }
    await backchannelAuthenticationRequest(as, client, authentication, parameters, {
      ...insecure,
      headers: { 'x-correlation-id': 'W4SCT' },
      [customFetch](url, init) {
        seen.push({ headers: init.headers, redirect: init.redirect })
        return fetch(url, forFetch(init))
      },
    })
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      headers: { 'x-correlation-id': 'W4SCT', accept: 'application/json' },
      redirect: 'manual',
    })
  })

  it('sends nothing under a signal that is aborted already', async () => {
    const { as, client, authentication } = shop
    const { auth_req_id } = await authenticate(shop)
    const attempt = backchannelAuthenticationGrantRequest(as, client, authentication, auth_req_id, {
      ...insecure,
      signal: AbortSignal.abort(),
    })
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a server that accepts a request and never answers', () => {
  let server: Server
  let silent: URL

  beforeAll(async () => {
    server = createServer(() => undefined)
    silent = new URL(`http://127.0.0.1:${await portOf(server)}`)
  })

  afterAll(() => close(server))

  it('is given up when the signal says so', async () => {
    const attempt = discoveryRequest(silent, { ...insecure, signal: AbortSignal.timeout(50) })
    await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('is given up when the signal made for its address says so', async () => {
    const asked: string[] = []
    const attempt = discoveryRequest(silent, {
      ...insecure,
      signal(url) {
        asked.push(url)
        return AbortSignal.timeout(50)
      },
    })
    await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(asked).toEqual([`${silent.origin}/.well-known/openid-configuration`])
  })
})
