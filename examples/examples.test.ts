// Runs each example against a real OpenID Provider, and holds it to what its first lines promise.
import { createServer as createHttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type ProviderOptions, type RunningProvider, startProvider } from '@countersign/cli/provider'
import * as countersign from 'countersign'
import { explain } from 'countersign/explain'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveCallbacks } from '../interop/ciba/callback-server.ts'
import { createCertificateAuthority } from '@countersign/cli/tls'
import { confirmDevice } from '../interop/oauth/browser.ts'
import { startInteractiveProvider } from '../interop/oauth/interactive-provider.ts'
import * as cibaPing from './ciba-ping.ts'
import * as cibaFapi from './ciba-fapi.ts'
import * as cibaPoll from './ciba-poll.ts'
import * as cibaPollDpop from './ciba-poll-dpop.ts'
import * as cibaSigned from './ciba-signed.ts'
import * as cibaStored from './ciba-stored.ts'
import * as clientAuthentication from './client-authentication.ts'
import * as device from './device.ts'
import * as errors from './errors.ts'
import * as trace from './trace.ts'
import * as undiciFetch from './undici-fetch.ts'

const options = { [countersign.allowInsecureRequests]: true }
const clientSecret = 'a-secret-of-the-tests-of-32-bytes'
const client: countersign.Client = { client_id: 'shop', id_token_signed_response_alg: 'ES256' }

let privateKey: countersign.PrivateKey
let publicJwk: JsonWebKey & { readonly kid: string }
let stop: (() => unknown)[] = []

beforeAll(async () => {
  const keys = await countersign.generateKeyPair('ES256')
  privateKey = { key: keys.privateKey, kid: 'key-of-the-shop' }
  publicJwk = { ...(await crypto.subtle.exportKey('jwk', keys.publicKey)), kid: 'key-of-the-shop' }
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await Promise.all(stop.map((end) => end()))
  stop = []
})

/** Milliseconds for what takes one or two intervals of a second, on a machine that may be busy. */
const PATIENCE = 20_000

type Registration = NonNullable<ProviderOptions['clients']>[number]

function registration(method: Registration['token_endpoint_auth_method'], client_id = 'shop'): Registration {
  return method === 'private_key_jwt'
    ? { client_id, token_endpoint_auth_method: method, jwks: { keys: [publicJwk] } }
    : { client_id, token_endpoint_auth_method: method, client_secret: clientSecret }
}

async function provide(more: ProviderOptions = {}): Promise<RunningProvider> {
  const provider = await startProvider({ clients: [registration('private_key_jwt')], interval: 1, ...more })
  stop.push(() => provider.close())
  return provider
}

describe('ciba-poll.ts', () => {
  function signIn({ issuer }: RunningProvider): Promise<cibaPoll.SignedIn> {
    return cibaPoll.run({
      issuer: new URL(issuer),
      client,
      privateKey,
      loginHint: 'anna',
      bindingMessage: 'W4-K7',
      options,
    })
  }

  it('signs a person in who approves', async () => {
    const provider = await provide()
    const shown = provider.phone.next()
    const signedIn = signIn(provider)
    const { authReqId, bindingMessage } = await shown
    expect(bindingMessage).toBe('W4-K7')
    await provider.phone.approve(authReqId)
    expect(await signedIn).toEqual({
      claims: expect.objectContaining({ iss: provider.issuer, sub: 'anna', aud: 'shop' }),
      userInfo: { sub: 'anna', name: 'Anna Example' },
    })
  })

  it('ends with access_denied when the person refuses (CIBA Core 11)', async () => {
    const provider = await provide()
    const shown = provider.phone.next()
    const signedIn = signIn(provider)
    const { authReqId } = await shown
    await provider.phone.deny(authReqId)
    await expect(signedIn).rejects.toMatchObject({ code: countersign.RESPONSE_BODY_ERROR, error: 'access_denied' })
  })

  it('stops asking when expires_in has passed (CIBA Core 7.3)', async () => {
    const provider = await provide({ expiresIn: 2 })
    await expect(signIn(provider)).rejects.toMatchObject({ code: countersign.TRANSACTION_EXPIRED })
  })
})

describe('ciba-stored.ts', () => {
  /** A database of one table; what is taken is given to nobody else before it is put again. */
  function storeOf(rows: Map<string, string>): cibaStored.Store {
    const taken = new Set<string>()
    return {
      put: async (key, json) => {
        rows.set(key, json)
      },
      delete: async (key) => void rows.delete(key),
      takeDue: async (now) => {
        for (const [key, json] of rows) {
          const { nextPollAt } = JSON.parse(json) as countersign.CibaTransaction
          if (nextPollAt > now || taken.has(key)) continue
          taken.add(key)
          return { key, json }
        }
        return undefined
      },
    }
  }

  async function begin() {
    const provider = await provide()
    const issuer = new URL(provider.issuer)
    const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
    const rows = new Map<string, string>()
    const ends: unknown[] = []
    const context = {
      as,
      client,
      clientAuth: countersign.PrivateKeyJwt(privateKey),
      ended: (key: string, end: object) => ends.push({ key, ...end }),
      options,
    }
    const shown = provider.phone.next()
    await cibaStored.begin({ ...context, store: storeOf(rows) }, 'basket 7', 'anna')
    const { authReqId } = await shown
    /** Another process each time: it has nothing but the rows. */
    const step = () => cibaStored.step({ ...context, store: storeOf(rows) })
    return { provider, rows, ends, authReqId, step }
  }

  it('goes on with a transaction in whatever process, and ends it once', async () => {
    const { provider, rows, ends, authReqId, step } = await begin()
    await step()
    expect(rows.get('basket 7')).not.toContain('lastRequestAt')
    await vi.waitFor(async () => {
      await step()
      expect(rows.get('basket 7')).toContain('lastRequestAt')
    }, PATIENCE)
    expect(ends).toEqual([])
    await provider.phone.approve(authReqId)
    await vi.waitFor(async () => {
      await step()
      expect(ends).toEqual([{ key: 'basket 7', claims: expect.objectContaining({ sub: 'anna' }) }])
    }, PATIENCE)
    expect(rows.size).toBe(0)
  })

  it('ends it when the person refuses (CIBA Core 11)', async () => {
    const { provider, rows, ends, authReqId, step } = await begin()
    await provider.phone.deny(authReqId)
    await vi.waitFor(async () => {
      await step()
      expect(ends).toEqual([{ key: 'basket 7', error: expect.objectContaining({ error: 'access_denied' }) }])
    }, PATIENCE)
    expect(rows.size).toBe(0)
  })
})

describe('device.ts', () => {
  it('shows what to do, and signs the person in who does it (RFC 8628 3.3, 3.5)', async () => {
    const provider = await startInteractiveProvider({
      clients: [
        {
          client_id: 'television',
          token_endpoint_auth_method: 'none',
          grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      features: {
        deviceFlow: {
          enabled: true,
          userCodeInputSource: (ctx, form) => void (ctx.body = form),
          userCodeConfirmSource: (ctx, form) => void (ctx.body = form),
          successSource: (ctx) => void (ctx.body = 'confirmed'),
        },
      },
    })
    stop.push(() => provider.close())
    const seen: unknown[] = []
    const claims = await device.run({
      issuer: new URL(provider.issuer),
      client: { ...client, client_id: 'television' },
      clientAuth: countersign.None(),
      show(lines, qrCode) {
        seen.push(...lines)
        void confirmDevice(new URL(String(qrCode)), { sub: 'anna' })
        return () => seen.push('nothing')
      },
      options,
    })
    expect(claims).toMatchObject({ sub: 'anna', aud: 'television' })
    expect(seen).toEqual([`Open ${provider.issuer}/device`, expect.stringMatching(/^and type [A-Z-]+$/), 'nothing'])
    // this server names no interval: 5 seconds
  })
})

describe('ciba-poll-dpop.ts', () => {
  it.each([true, false])('binds the tokens; the server wants its nonce: %s (RFC 9449 5, 8, 9)', async (wantsNonce) => {
    const provider = await provide({ requireDPoPNonce: wantsNonce })
    const shown = provider.phone.next()
    const signedIn = cibaPollDpop.run({
      issuer: new URL(provider.issuer),
      client,
      privateKey,
      loginHint: 'anna',
      options,
    })
    await provider.phone.approve((await shown).authReqId)
    expect(await signedIn).toMatchObject({
      tokens: { token_type: 'dpop' },
      userInfo: { sub: 'anna', name: 'Anna Example' },
    })
  })
})

describe('ciba-ping.ts', () => {
  interface Started {
    readonly provider: RunningProvider
    readonly shop: cibaPing.PingClient
    statuses(): number[]
  }

  async function start(more: ProviderOptions = {}): Promise<Started> {
    const endpoint = await serveCallbacks((request) => shop.notificationEndpoint(request))
    stop.push(() => endpoint.close())
    const pinged = {
      ...registration('private_key_jwt'),
      backchannel_token_delivery_mode: 'ping' as const,
      backchannel_client_notification_endpoint: endpoint.url,
    }
    const provider = await provide({ clients: [pinged], fetch: endpoint.fetch, ...more })
    const issuer = new URL(provider.issuer)
    const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
    const shop = cibaPing.pingClient({ as, client, clientAuth: countersign.PrivateKeyJwt(privateKey), options })
    return { provider, shop, statuses: () => endpoint.exchanges.map(({ status }) => status) }
  }

  it('signs a person in when the server calls', async () => {
    const { provider, shop, statuses } = await start()
    const shown = provider.phone.next()
    const signedIn = shop.signIn('anna')
    await provider.phone.approve((await shown).authReqId)
    expect(await signedIn).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop' })
    expect(statuses()).toEqual([204])
  })

  it('ends with access_denied when the person refuses (CIBA Core 10.2, 11)', async () => {
    const { provider, shop } = await start()
    const shown = provider.phone.next()
    const signedIn = shop.signIn('anna')
    const refused = expect(signedIn).rejects.toMatchObject({ error: 'access_denied' })
    await provider.phone.deny((await shown).authReqId)
    await refused
  })

  it('stops waiting when expires_in has passed (CIBA Core 10.2)', async () => {
    const { shop, statuses } = await start({ expiresIn: 2 })
    await expect(shop.signIn('anna')).rejects.toEqual(new Error('the person did not answer in time'))
    expect(statuses()).toEqual([])
  })
})

// ciba-push.ts is run by interop/ciba/push.test.ts

describe('ciba-signed.ts and ciba-fapi.ts', () => {
  function signing(alg: 'ES256' | 'PS256' = 'ES256'): ProviderOptions {
    const registered = { ...registration('private_key_jwt'), backchannel_authentication_request_signing_alg: alg }
    return { clients: [registered] }
  }

  function contextOf({ issuer }: RunningProvider): cibaSigned.Context {
    const person = { loginHint: 'anna', bindingMessage: 'W4-K7' }
    return { issuer: new URL(issuer), clientId: 'shop', privateKey, ...person, options }
  }

  it('signs a person in by a signed request (CIBA Core 7.1.1)', async () => {
    const provider = await provide(signing())
    const shown = provider.phone.next()
    const signedIn = cibaSigned.run(contextOf(provider))
    const { authReqId, bindingMessage } = await shown
    expect(bindingMessage).toBe('W4-K7')
    await provider.phone.approve(authReqId)
    expect(await signedIn).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop' })
  })

  it('ends with the answer of a server that knows the client by another algorithm (CIBA Core 4, 13)', async () => {
    const provider = await provide(signing('PS256'))
    const refused = cibaSigned.run(contextOf(provider))
    await expect(refused).rejects.toMatchObject({ code: countersign.RESPONSE_BODY_ERROR, error: 'invalid_request' })
  })

  it('has a payment approved, with the acr that it asked for and a token that is bound (FAPI-CIBA 5.2.3.1)', async () => {
    const provider = await provide(signing())
    const shown = provider.phone.next()
    const approved = cibaFapi.run(contextOf(provider))
    const { authReqId, acrValues } = await shown
    expect(acrValues).toBe('urn:bank:strong')
    await provider.phone.approve(authReqId)
    expect(await approved).toMatchObject({ token_type: 'dpop' })
  })

  it('takes no weaker authentication than it asked for (FAPI-CIBA 5.2.3.1 item 3)', async () => {
    const provider = await provide(signing())
    const shown = provider.phone.next()
    const approved = cibaFapi.run(contextOf(provider))
    const { authReqId } = await shown
    await provider.phone.approve(authReqId, { acr: 'urn:bank:weak' })
    await expect(approved).rejects.toMatchObject({
      code: countersign.JWT_CLAIM_COMPARISON,
      expected: ['urn:bank:strong'],
    })
  })
})

describe('client-authentication.ts', () => {
  const methods = ['none', 'client_secret_post', 'client_secret_basic', 'client_secret_jwt', 'private_key_jwt'] as const

  function authenticate({ issuer }: RunningProvider, method: clientAuthentication.Method) {
    return clientAuthentication.run({ issuer: new URL(issuer), client, clientSecret, privateKey, options }, method)
  }

  it.each(methods)('%s is what the server wants of a client that is registered for it', async (method) => {
    const provider = await provide({ clients: [registration(method)] })
    const { auth_req_id } = await authenticate(provider, method)
    expect(await provider.phone.waitFor(auth_req_id)).toMatchObject({ clientId: 'shop', accountId: 'anna' })
  })

  it('tls_client_auth is refused on a connection without certificate (RFC 8705 2)', async () => {
    const refused = authenticate(await provide(), 'tls_client_auth')
    await expect(refused).rejects.toMatchObject({ code: countersign.RESPONSE_BODY_ERROR, error: 'invalid_client' })
  })
})

describe('undici-fetch.ts', () => {
  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stop.push(() => server.close())
    // a server that listens on a port has an address with one
    return (server.address() as AddressInfo).port
  }

  it('reaches the server through a proxy', async () => {
    const provider = await provide()
    const tunnels: (string | undefined)[] = []
    const proxy = createHttpServer().on('connect', ({ url = '' }, socket) => {
      tunnels.push(url)
      const { hostname, port } = new URL(`http://${url}`)
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
    })
    const dispatcher = undiciFetch.throughProxy(new URL(`http://127.0.0.1:${await listen(proxy)}`))
    stop.push(() => dispatcher.destroy())

    const as = await undiciFetch.run({ issuer: new URL(provider.issuer), dispatcher, options })

    expect(as.issuer).toBe(provider.issuer)
    expect(tunnels).toEqual([new URL(provider.issuer).host])
  })

  it('shows a certificate to a server of a private authority (RFC 8705)', async () => {
    const authority = await createCertificateAuthority('authority of the tests')
    const seen: (string | undefined)[] = []
    let issuer = ''
    const server = createTlsServer(
      { ...(await authority.issue('CN=localhost', 'localhost')), ca: authority.certificate, requestCert: true },
      ({ socket }, response) => {
        seen.push(socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : undefined)
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer }))
      },
    )
    issuer = `https://localhost:${await listen(server)}`
    const dispatcher = undiciFetch.withClientCertificate({
      ca: authority.certificate,
      ...(await authority.issue('CN=shop')),
    })
    stop.push(() => dispatcher.destroy())

    expect(await undiciFetch.run({ issuer: new URL(issuer), dispatcher })).toEqual({ issuer })
    expect(seen).toEqual(['CN=shop'])
  })
})

describe('trace.ts', () => {
  async function traced(changes: Partial<countersign.Client>): Promise<{ lines: string[]; end: unknown }> {
    const provider = await provide()
    const clientAuth = countersign.PrivateKeyJwt(privateKey)
    const issuer = new URL(provider.issuer)
    const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer, options))
    const { auth_req_id: authReqId } = await countersign.processBackchannelAuthenticationResponse(
      as,
      client,
      await countersign.backchannelAuthenticationRequest(
        as,
        client,
        clientAuth,
        { scope: 'openid', login_hint: 'anna' },
        options,
      ),
    )
    await provider.phone.approve(authReqId)
    const lines: string[] = []
    const print = (line: string): void => void lines.push(line)
    const end = await trace
      .run({ as, client: { ...client, ...changes }, clientAuth, authReqId, print, options })
      .catch((error: unknown) => error)
    return { lines, end }
  }

  it('shows the checks that a good answer passed, up to its signature', async () => {
    const { lines, end } = await traced({})
    expect(end).toBeUndefined()
    expect(lines.filter((line) => !line.startsWith('pass '))).toEqual([])
    expect(lines).toContain('pass id-token.iss (OpenID Connect Core 1.0, section 3.1.3.7 (2))')
    expect(lines.at(-1)).toBe('pass signature.value (RFC 7515, section 5.2 (8))')
  })

  it('shows the check at which an answer was refused, last', async () => {
    const { lines, end } = await traced({ id_token_signed_response_alg: 'PS256' })
    expect(end).toBeInstanceOf(countersign.OperationProcessingError)
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^FAIL id-token\.alg \(/),
      '     expected ["PS256"], got "ES256"',
    ])
  })
})

describe('errors.ts', () => {
  it('tells of each sort of error what happened, and what to do', async () => {
    const { issuer } = await provide({ clients: [registration('client_secret_basic')] })
    const told = await errors.run({ issuer: new URL(issuer), client, clientSecret, options })
    const refused = {
      code: countersign.JSON_ATTRIBUTE_COMPARISON,
      rule: 'discovery.issuer',
      spec: { document: 'OpenID Connect Discovery 1.0', section: '4.3' },
      expected: 'https://another.example.com/',
      actual: issuer,
      endpoint: `${issuer}/.well-known/openid-configuration`,
    }
    expect(told.anotherIssuer).toEqual([`refused: ${JSON.stringify(refused)}`, ...remedyOf('discovery.issuer')])
    expect(told.nobodyOfThisName).toEqual([
      'the server answered unknown_user_id with status 400',
      ...remedyOf('unknown_user_id'),
    ])
    expect(told.wrongSecret).toEqual(['the server challenges by basic: invalid_client', ...remedyOf('invalid_client')])
    expect(told.noSecret).toEqual([expect.stringMatching(/^wrong call, ERR_INVALID_ARG_VALUE: /)])
  })

  it('passes on what is no error of the library', () => {
    const error = new TypeError('fetch failed')
    expect(() => errors.tell(error)).toThrow(error)
  })
})

function remedyOf(rule: string): string[] {
  const explanation = explain(rule)
  return explanation ? [explanation.sentence, explanation.remedy] : ['no explanation']
}
