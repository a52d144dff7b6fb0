import { describe, expect, it } from 'vitest'
import { as } from '../testing/answers.ts'
import { refuses } from '../testing/refuses.ts'
import type { CheckEvent } from '../rules/trace.ts'
import * as endpoint from './endpoint.ts'
import type { AuthorizationServer } from './authorization-server.ts'

/** Metadata with one member changed to something that the types do not allow. */
function changed(changes: Record<string, unknown>): AuthorizationServer {
  return { ...as, ...(changes as object) }
}

describe('checkProtocol', () => {
  it('refuses plain HTTP (RFC 6749 section 1.6)', async () => {
    const url = new URL('http://op.example.com/token')
    const error = await refuses(endpoint.REQUEST_TLS, () => endpoint.checkProtocol(url, true))
    expect(error).toMatchObject({ expected: 'https:', actual: 'http:' })
    expect(error.cause).toBe(url)
  })

  it.each(['ftp://op.example.com', 'file:///etc/passwd', 'data:,{}', 'blob:https://op.example.com/1', 'javascript:1'])(
    'refuses %s, which is no HTTP, also where TLS is not asked for (RFC 9110 section 4.2)',
    async (url) => {
      await refuses(endpoint.REQUEST_HTTP, () => endpoint.checkProtocol(new URL(url), false))
    },
  )

  it.each(['ftp://op.example.com', 'wss://op.example.com'])(
    'refuses %s for the lack of HTTPS where TLS is asked for',
    async (url) => {
      await refuses(endpoint.REQUEST_TLS, () => endpoint.checkProtocol(new URL(url), true), endpoint.REQUEST_HTTP)
    },
  )

  it.each([
    ['https://op.example.com', true],
    ['https://op.example.com', false],
    ['http://127.0.0.1:3000', false],
    ['http://127.0.0.1:3000', undefined],
    ['HTTPS://OP.EXAMPLE.COM', true],
  ])('accepts %s where TLS asked for is %s', (url, enforceHttps) => {
    expect(endpoint.checkProtocol(new URL(url), enforceHttps)).toBeUndefined()
  })

  it('tells the trace', () => {
    const events: CheckEvent[] = []
    endpoint.checkProtocol(new URL('https://op.example.com'), true, (event) => events.push(event))
    expect(events.map(({ rule, passed }) => [rule, passed])).toEqual([
      [endpoint.REQUEST_TLS.id, true],
      [endpoint.REQUEST_HTTP.id, true],
    ])
  })
})

describe('resolveEndpoint', () => {
  it('gives the URL of the endpoint (RFC 8414 section 2)', () => {
    expect(endpoint.resolveEndpoint(as, 'token_endpoint', false, true)).toEqual(new URL('https://op.example.com/token'))
  })

  it('keeps the query of an endpoint (RFC 6749 section 3.2)', () => {
    const url = endpoint.resolveEndpoint(
      changed({ token_endpoint: 'https://a.example/t?tenant=5' }),
      'token_endpoint',
      false,
      true,
    )
    expect(url.search).toBe('?tenant=5')
  })

  it('refuses metadata without the endpoint', async () => {
    const error = await refuses(
      endpoint.ENDPOINT_PRESENT,
      () => endpoint.resolveEndpoint(changed({ token_endpoint: undefined }), 'token_endpoint', false, true),
      endpoint.ENDPOINT_URL,
    )
    expect(error.cause).toMatchObject({ attribute: 'token_endpoint' })
  })

  it.each([
    [null],
    [''],
    ['/token'],
    ['op.example.com/token'],
    ['https://'],
    [5],
    [['https://op.example.com/token']],
    [{}],
  ])('refuses an endpoint that is %j, no absolute URL', async (value) => {
    const error = await refuses(endpoint.ENDPOINT_URL, () =>
      endpoint.resolveEndpoint(changed({ token_endpoint: value }), 'token_endpoint', false, true),
    )
    expect(error.cause).toMatchObject({ attribute: 'token_endpoint' })
  })

  it('refuses an endpoint without TLS (RFC 6749 section 3.2)', async () => {
    await refuses(endpoint.REQUEST_TLS, () =>
      endpoint.resolveEndpoint(
        changed({ token_endpoint: 'http://op.example.com/token' }),
        'token_endpoint',
        false,
        true,
      ),
    )
  })

  describe('with mtls_endpoint_aliases (RFC 8705 section 5)', () => {
    const aliases = { token_endpoint: 'https://mtls.op.example.com/token' }

    it('gives the alias where it is wanted', () => {
      const url = endpoint.resolveEndpoint(changed({ mtls_endpoint_aliases: aliases }), 'token_endpoint', true, true)
      expect(url.href).toBe('https://mtls.op.example.com/token')
    })

    it.each([[false], [undefined]])('gives the endpoint itself where wanting the alias is %s', (wanted) => {
      const url = endpoint.resolveEndpoint(changed({ mtls_endpoint_aliases: aliases }), 'token_endpoint', wanted, true)
      expect(url.href).toBe('https://op.example.com/token')
    })

    it('gives the endpoint itself where it has no alias', () => {
      const url = endpoint.resolveEndpoint(changed({ mtls_endpoint_aliases: aliases }), 'userinfo_endpoint', true, true)
      expect(url.href).toBe('https://op.example.com/me')
    })

    it('takes no alias from the prototype of the aliases', () => {
      const inherited: object = Object.create(aliases)
      const url = endpoint.resolveEndpoint(changed({ mtls_endpoint_aliases: inherited }), 'token_endpoint', true, true)
      expect(url.href).toBe('https://op.example.com/token')
    })

    it.each([[null], [[]], [''], [0], [false]])(
      'gives the endpoint itself where the server’s aliases are %j, and name nothing',
      (value) => {
        const url = endpoint.resolveEndpoint(changed({ mtls_endpoint_aliases: value }), 'token_endpoint', true, true)
        expect(url.href).toBe('https://op.example.com/token')
      },
    )

    it.each([['https://mtls.op.example.com'], [5], [true]])('refuses aliases that are %j, no object', async (value) => {
      const metadata = changed({ mtls_endpoint_aliases: value })
      const error = await refuses(endpoint.ENDPOINT_ALIASES, () =>
        endpoint.resolveEndpoint(metadata, 'token_endpoint', true, true),
      )
      expect(error.cause).toEqual({ attribute: 'mtls_endpoint_aliases' })
      expect(endpoint.resolveEndpoint(metadata, 'token_endpoint', false, true).href).toBe(
        'https://op.example.com/token',
      )
    })

    it.each([[null], [5], [''], ['/token']])('refuses an alias that is %j, no absolute URL', async (value) => {
      await refuses(endpoint.ENDPOINT_URL, () =>
        endpoint.resolveEndpoint(
          changed({ mtls_endpoint_aliases: { token_endpoint: value } }),
          'token_endpoint',
          true,
          true,
        ),
      )
    })

    it('refuses an alias without TLS', async () => {
      const metadata = changed({ mtls_endpoint_aliases: { token_endpoint: 'http://mtls.op.example.com/token' } })
      await refuses(endpoint.REQUEST_TLS, () => endpoint.resolveEndpoint(metadata, 'token_endpoint', true, true))
    })
  })
})
