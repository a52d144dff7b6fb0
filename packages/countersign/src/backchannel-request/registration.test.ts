import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { NOTIFICATION_TOKEN, op, PARAMETERS, pinged, shop } from '../testing/backchannel-request.ts'
import { refuses } from '../testing/refuses.ts'
import { checkBackchannelAuthenticationParameters } from './check-parameters.ts'
import { DELIVERY_MODE, DELIVERY_MODE_SUPPORTED, GRANT_TYPE, NOTIFICATION_ENDPOINT } from './registration.ts'

const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba'

function request(client: Client, as: AuthorizationServer = op): void {
  const token =
    client.backchannel_token_delivery_mode === 'poll' ? {} : { client_notification_token: NOTIFICATION_TOKEN }
  checkBackchannelAuthenticationParameters(as, client, { ...PARAMETERS, ...token })
}

function inMode(mode: string): Client {
  return { ...shop, backchannel_token_delivery_mode: mode }
}

describe('the delivery mode (CIBA Core 4, 5)', () => {
  it.each(['poll', 'ping', 'push'])('may be %s', (mode) => {
    expect(() => request(inMode(mode))).not.toThrow()
  })

  it.each([
    ['missing', { client_id: 'shop' }, 'missing'],
    ['unknown', inMode('pull'), 'pull'],
    ['spelled in capitals', inMode('Poll'), 'Poll'],
    ['the name of a method', inMode('toString'), 'toString'],
  ])('is registered: refused where it is %s', async (_, client, actual) => {
    // without it, no list of the server's has it, and a token is missing or too much
    const error = await refuses(DELIVERY_MODE, () => request(client), DELIVERY_MODE_SUPPORTED)
    expect(error).toMatchObject({ actual })
  })

  it.each(['poll', 'ping', 'push'])('is one of the server: %s refused where it has the others', async (mode) => {
    const others = ['poll', 'ping', 'push'].filter((other) => other !== mode)
    const as = { ...op, backchannel_token_delivery_modes_supported: others }
    const error = await refuses(DELIVERY_MODE_SUPPORTED, () => request(inMode(mode), as))
    expect(error).toMatchObject({ actual: others })
  })

  it('is one that the server publishes', async () => {
    const { backchannel_token_delivery_modes_supported: _, ...as } = op
    const error = await refuses(DELIVERY_MODE_SUPPORTED, () => request(shop, as))
    expect(error).toMatchObject({ actual: 'missing' })
  })
})

describe('the grant types of the client (CIBA Core 4)', () => {
  it.each(['poll', 'ping'])('have that of CIBA in %s mode, where they are known', async (mode) => {
    expect(() => request({ ...inMode(mode), grant_types: [CIBA_GRANT_TYPE] })).not.toThrow()
    await refuses(GRANT_TYPE, () => request({ ...inMode(mode), grant_types: ['authorization_code'] }))
  })

  it('need not have it in push mode, which has no token request', () => {
    expect(() => request({ ...inMode('push'), grant_types: ['authorization_code'] })).not.toThrow()
  })
})

describe('the client notification endpoint (CIBA Core 4, 9)', () => {
  it.each(['ping', 'push'])('speaks TLS in %s mode, where it is known', async (mode) => {
    const at = (url: string): Client => ({ ...inMode(mode), backchannel_client_notification_endpoint: url })
    expect(() => request(at('https://shop.example.com/cb'))).not.toThrow()
    const error = await refuses(NOTIFICATION_ENDPOINT, () => request(at('http://shop.example.com/cb')))
    expect(error).toMatchObject({ actual: 'http:' })
    await refuses(NOTIFICATION_ENDPOINT, () => request(at('/cb')))
  })

  it.each([
    [7, 'a number'],
    [new URL('https://shop.example.com/cb'), 'an object'],
  ])('is a text, not %s', async (endpoint, actual) => {
    const client: Client = { ...pinged }
    Object.assign(client, { backchannel_client_notification_endpoint: endpoint })
    const error = await refuses(NOTIFICATION_ENDPOINT, () => request(client))
    expect(error).toMatchObject({ actual })
  })

  it('does not matter in poll mode', () => {
    const client = { ...shop, backchannel_client_notification_endpoint: 'http://shop.example.com/cb' }
    expect(() => request(client)).not.toThrow()
  })
})
