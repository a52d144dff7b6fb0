import { describe, expect, it } from 'vitest'
import { allowInsecureRequests } from '../http/options.ts'
import { ENDPOINT_PRESENT, ENDPOINT_URL, REQUEST_HTTP, REQUEST_TLS } from '../metadata/endpoint.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client } from '../testing/answers.ts'
import { refuses } from '../testing/refuses.ts'
import { endpointUrl } from './endpoint.ts'

const mtls = { ...as, mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example.com/token' } }
const mtlsClient = { ...client, use_mtls_endpoint_aliases: true }

describe('the URL of an endpoint', () => {
  it('is the one in the metadata of the server (RFC 8414 2)', () => {
    expect(endpointUrl(as, client, 'token_endpoint', {}).href).toBe('https://op.example.com/token')
  })

  it('is the alias for a client that uses aliases (RFC 8705 5)', () => {
    expect(endpointUrl(mtls, mtlsClient, 'token_endpoint', {}).href).toBe('https://mtls.example.com/token')
  })

  it.each([[false], [undefined]])(
    'is not the alias for a client with use_mtls_endpoint_aliases %j (RFC 8705 5)',
    (wanted) => {
      const party = wanted === undefined ? client : { ...client, use_mtls_endpoint_aliases: wanted }
      expect(endpointUrl(mtls, party, 'token_endpoint', {}).href).toBe('https://op.example.com/token')
    },
  )

  it('is the endpoint itself where it has no alias (RFC 8705 5)', () => {
    expect(endpointUrl(mtls, mtlsClient, 'userinfo_endpoint', {}).href).toBe('https://op.example.com/me')
    expect(endpointUrl(as, mtlsClient, 'token_endpoint', {}).href).toBe('https://op.example.com/token')
  })

  it('is refused where there is none (RFC 8414 2)', async () => {
    const { token_endpoint: _, ...without } = as
    await refuses(ENDPOINT_PRESENT, () => endpointUrl(without, client, 'token_endpoint', {}), ENDPOINT_URL)
  })

  it.each([
    ['the endpoint', { ...as, token_endpoint: 'http://op.example.com/token' }, client],
    ['an alias', { ...as, mtls_endpoint_aliases: { token_endpoint: 'http://mtls.example.com/token' } }, mtlsClient],
  ])('is refused without TLS, of %s (RFC 6749 3.2)', async (_title, server, party) => {
    await refuses(REQUEST_TLS, () => endpointUrl(server, party, 'token_endpoint', {}))
    const insecure = { [allowInsecureRequests]: true }
    expect(endpointUrl(server, party, 'token_endpoint', insecure).protocol).toBe('http:')
  })

  it.each([false, undefined, null, 1, 'true', {}])(
    'is refused without TLS where allowInsecureRequests is %j, not true',
    async (value) => {
      const server = { ...as, token_endpoint: 'http://localhost:3000/token' }
      // what callers without types do
      const options = { [allowInsecureRequests]: value as boolean }
      await refuses(REQUEST_TLS, () => endpointUrl(server, client, 'token_endpoint', options))
    },
  )

  it.each(['ftp://op.example.com/token', 'file:///token', 'data:,token', 'javascript:token', 'ws://op.example.com'])(
    'is refused where it is %s, also where allowInsecureRequests is true (RFC 9110 4.2)',
    async (endpoint) => {
      const act = (insecure: boolean) => () =>
        endpointUrl({ ...as, token_endpoint: endpoint }, client, 'token_endpoint', {
          [allowInsecureRequests]: insecure,
        })
      await refuses(REQUEST_HTTP, act(true))
      await refuses(REQUEST_TLS, act(false), REQUEST_HTTP)
    },
  )

  it('shows its checks to the trace of the client', () => {
    const events: CheckEvent[] = []
    endpointUrl(as, { ...client, [trace]: (event) => events.push(event) }, 'token_endpoint', {})
    expect(events.map(({ rule, passed }) => [rule, passed])).toEqual([
      [ENDPOINT_PRESENT.id, true],
      [ENDPOINT_URL.id, true],
      [REQUEST_TLS.id, true],
      [REQUEST_HTTP.id, true],
    ])
  })
})
