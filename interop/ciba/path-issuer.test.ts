import { createServer, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discoveryRequest, processDiscoveryResponse } from 'countersign'
import { type BareProvider, close, createBareProvider, portOf } from './bare-provider.ts'
import { authenticate, insecure, poll, userInfo } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

const PATH = '/tenants/one'

describe('an issuer with a path', () => {
  const server = createServer()
  let provider: BareProvider
  let issuer: string

  beforeAll(async () => {
    issuer = `http://127.0.0.1:${await portOf(server)}${PATH}`
    provider = await createBareProvider(issuer, {
      clients: [registrationOf('shop')],
    })
    server.on('request', (request, response) => {
      mount(request)
      provider.answer(request, response)
    })
  })

  afterAll(() => close(server))

  it('is discovered below its path (OIDC Discovery 4.1), and signs in', async () => {
    const shop = await relationshipOf('shop', issuer)
    expect(shop.as).toMatchObject({ issuer, token_endpoint: `${issuer}/token` })
    const { auth_req_id } = await authenticate(shop)
    await provider.approve(auth_req_id)
    const signedIn = await poll(shop, auth_req_id)
    expect(signedIn.claims).toMatchObject({ iss: issuer, sub: 'anna' })
    expect(await userInfo(shop, signedIn)).toEqual({ sub: 'anna' })
  })

  it('is discovered with the well-known part before its path (RFC 8414 3.1)', async () => {
    const identifier = new URL(issuer)
    const response = await discoveryRequest(identifier, { ...insecure, algorithm: 'oauth2' })
    expect(await processDiscoveryResponse(identifier, response)).toMatchObject({ issuer })
  })
})

const WELL_KNOWN = '/.well-known/oauth-authorization-server'

/** What a reverse proxy does in front of a provider that serves one of several issuers. */
function mount(request: IncomingMessage & { originalUrl?: string; baseUrl?: string }): void {
  const url = request.url === `${WELL_KNOWN}${PATH}` ? `${PATH}${WELL_KNOWN}` : (request.url ?? '')
  request.originalUrl = url
  request.baseUrl = PATH
  request.url = url.slice(PATH.length)
}
