import type { ClientMetadata } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ProviderOptions, type RunningProvider, startProvider } from './index.ts'

const SECRET = 'known to the test'
const CLIENT: ClientMetadata = {
  client_id: 'shop',
  client_secret: SECRET,
  token_endpoint_auth_method: 'client_secret_post',
}
const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'
const BINDING_MESSAGE = 'Pay 42.00 EUR to Anna? W7-K2'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

function members(json: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(json)
  return Object.fromEntries(Object.entries(parsed ?? {}))
}

async function post(url: string, parameters: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ client_id: 'shop', client_secret: SECRET, ...parameters })
  const response = await fetch(url, { method: 'POST', body })
  return { status: response.status, body: members(await response.text()) }
}

const authenticate = (provider: RunningProvider, parameters: Record<string, string> = {}) =>
  post(`${provider.issuer}/backchannel`, {
    scope: 'openid profile email',
    login_hint: 'anna',
    binding_message: BINDING_MESSAGE,
    ...parameters,
  })

const poll = (provider: RunningProvider, authReqId: string) =>
  post(`${provider.issuer}/token`, { grant_type: CIBA_GRANT, auth_req_id: authReqId })

async function authReqId(provider: RunningProvider, parameters?: Record<string, string>): Promise<string> {
  const { body } = await authenticate(provider, parameters)
  return String(body.auth_req_id)
}

const jsonPart = (jwt: unknown, part: 0 | 1) =>
  members(Buffer.from(String(jwt).split('.')[part] ?? '', 'base64url').toString())

async function withProvider(options: ProviderOptions, use: (provider: RunningProvider) => Promise<void>) {
  const provider = await startProvider({ clients: [CLIENT], ...options })
  try {
    await use(provider)
  } finally {
    await provider.close()
  }
}

describe('the embedded provider', () => {
  const printed = vi.fn()
  let provider: RunningProvider

  beforeAll(async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(printed),
    )
    provider = await startProvider({ clients: [CLIENT], interval: 1 })
    await poll(provider, await authReqId(provider))
    spies.forEach((spy) => spy.mockRestore())
  })
  afterAll(() => provider.close())

  it('prints nothing', () => {
    expect(printed.mock.calls).toEqual([])
  })

  it('publishes what CIBA Core §4 asks for', async () => {
    const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`)
    expect(await response.json()).toMatchObject({
      issuer: provider.issuer,
      backchannel_authentication_endpoint: `${provider.issuer}/backchannel`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  it('acknowledges with auth_req_id, expires_in and interval (CIBA Core §7.3)', async () => {
    const { status, body } = await authenticate(provider)
    expect(status).toBe(200)
    expect(body).toEqual({ auth_req_id: expect.any(String), expires_in: 120, interval: 1 })
  })

  it('shows the request on the phone, before and after somebody looks (CIBA Core §8)', async () => {
    const next = provider.phone.next()
    const id = await authReqId(provider, { acr_values: 'urn:example:high urn:example:low' })
    const shown = {
      authReqId: id,
      clientId: 'shop',
      clientName: undefined,
      accountId: 'anna',
      scope: 'openid profile email',
      bindingMessage: BINDING_MESSAGE,
      acrValues: 'urn:example:high urn:example:low',
    }
    expect(await next).toEqual(shown)
    expect(await provider.phone.waitFor(id)).toEqual(shown)
  })

  it('hands the tokens out once, when the person has approved (CIBA Core §10.1.1)', async () => {
    const id = await authReqId(provider, { acr_values: 'urn:example:high' })
    await provider.phone.approve(id, { authTime: 1_700_000_000 })
    const { status, body } = await poll(provider, id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) })
    expect(jsonPart(body.id_token, 1)).toMatchObject({
      iss: provider.issuer,
      sub: 'anna',
      amr: ['swk', 'user'],
      aud: 'shop',
      acr: 'urn:example:high',
      auth_time: 1_700_000_000,
    })
    expect(await poll(provider, id)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  it('tells claims at the UserInfo endpoint, and renews tokens with the refresh token', async () => {
    const id = await authReqId(provider)
    await provider.phone.approve(id)
    const { body } = await poll(provider, id)
    const renewed = await post(`${provider.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
    })
    const userInfo = await fetch(`${provider.issuer}/me`, {
      headers: { authorization: `Bearer ${String(renewed.body.access_token)}` },
    })
    expect(await userInfo.json()).toEqual({
      sub: 'anna',
      name: 'Anna Example',
      email: 'anna@example.com',
      email_verified: true,
    })
  })

  it('answers access_denied when the person has refused (CIBA Core §11)', async () => {
    const id = await authReqId(provider)
    await provider.phone.deny(id)
    expect(await poll(provider, id)).toMatchObject({ status: 400, body: { error: 'access_denied' } })
  })

  it('answers slow_down to a poll within the interval, and holds the longer interval (CIBA Core §11)', async () => {
    const id = await authReqId(provider)
    const errors: unknown[] = []
    for (const pause of [0, 0, 1100]) {
      await new Promise((resolve) => setTimeout(resolve, pause))
      errors.push((await poll(provider, id)).body.error)
    }
    expect(errors).toEqual(['authorization_pending', 'slow_down', 'slow_down'])
  })

  it.each([
    ['unknown_user_id', { login_hint: 'nobody' }],
    ['invalid_binding_message', { binding_message: 'two  spaces' }],
    ['invalid_user_code', { user_code: '1234' }],
    ['invalid_request', { request_context: '{}' }],
    ['invalid_request', { requested_expiry: '0' }],
  ])('refuses an authentication request with %s (CIBA Core §13): %j', async (error, parameters) => {
    expect(await authenticate(provider, parameters)).toMatchObject({ status: 400, body: { error } })
  })

  it('shortens the lifetime to requested_expiry and never lengthens it (CIBA Core §7.1)', async () => {
    const shorter = await authenticate(provider, { requested_expiry: '30' })
    const longer = await authenticate(provider, { requested_expiry: '3000' })
    expect([shorter.body.expires_in, longer.body.expires_in]).toEqual([30, 120])
  })

  it('has nothing to approve where nothing was asked', async () => {
    await expect(provider.phone.approve('unknown')).rejects.toThrow(RangeError)
  })
})

describe('options of the embedded provider', () => {
  it('answers expired_token when the lifetime is over (CIBA Core §11)', () =>
    withProvider({ expiresIn: 1 }, async (provider) => {
      const { body } = await authenticate(provider)
      expect(body).toEqual({ auth_req_id: expect.any(String), expires_in: 1 })
      await new Promise((resolve) => setTimeout(resolve, 1500))
      expect(await poll(provider, String(body.auth_req_id))).toMatchObject({ body: { error: 'expired_token' } })
    }))

  it('signs with the algorithm that the client registered, and UserInfo as a JWT where asked', async () => {
    const signingAlgorithms = ['RS256', 'PS256', 'ES384', 'EdDSA', 'Ed25519'] as const
    const clients = signingAlgorithms.map((alg) => ({
      ...CLIENT,
      client_id: alg,
      id_token_signed_response_alg: alg,
      userinfo_signed_response_alg: alg,
    }))
    await withProvider({ signingAlgorithms, clients }, async (provider) => {
      for (const alg of signingAlgorithms) {
        const id = await authReqId(provider, { client_id: alg })
        await provider.phone.approve(id)
        const { body } = await post(`${provider.issuer}/token`, {
          client_id: alg,
          grant_type: CIBA_GRANT,
          auth_req_id: id,
        })
        expect(jsonPart(body.id_token, 0)).toMatchObject({ alg, kid: alg })
        const authorization = `Bearer ${String(body.access_token)}`
        const userInfo = await fetch(`${provider.issuer}/me`, { headers: { authorization } })
        expect(jsonPart(await userInfo.text(), 0)).toMatchObject({ alg, kid: alg })
      }
    })
  })

  it('pings the client through the given fetch (CIBA Core §10.2)', async () => {
    const pings: { url: string; authorization: string | null; body: unknown }[] = []
    const fetchPing: typeof fetch = async (input, init) => {
      const ping = new Request(input, init)
      const authorization = ping.headers.get('authorization')
      pings.push({ url: ping.url, authorization, body: members(await ping.text()) })
      return new Response(null, { status: 204 })
    }
    const endpoint = 'https://127.0.0.1/ping'
    const client = {
      ...CLIENT,
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: endpoint,
    }
    const token = 'q'.repeat(27)
    await withProvider({ clients: [client], fetch: fetchPing }, async (provider) => {
      const id = await authReqId(provider, { client_notification_token: token })
      await provider.phone.approve(id)
      expect(pings).toEqual([{ url: endpoint, authorization: `Bearer ${token}`, body: { auth_req_id: id } }])
    })
  })

  it('knows the people whom it is given', () =>
    withProvider(
      { accounts: { bert: { name: 'Bert', email: 'b@example.com', email_verified: false } } },
      async (provider) => {
        expect(await authenticate(provider, { login_hint: 'bert' })).toMatchObject({ status: 200 })
        expect(await authenticate(provider, { login_hint: 'toString' })).toMatchObject({ status: 400 })
      },
    ))

  it('says server_error by nothing but its answer when an account cannot be looked up', () =>
    withProvider({ findAccount: () => Promise.reject(new Error('no database')) }, async (provider) => {
      expect(await authenticate(provider)).toMatchObject({ status: 500, body: { error: 'server_error' } })
    }))

  it('closes with connections open', async () => {
    const provider = await startProvider()
    await fetch(`${provider.issuer}/jwks`)
    await provider.close()
    await expect(fetch(`${provider.issuer}/jwks`)).rejects.toBeInstanceOf(TypeError)
  })
})
