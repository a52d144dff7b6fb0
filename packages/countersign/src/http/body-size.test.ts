import { describe, expect, it } from 'vitest'
import { formPostResponse } from '../authorization/form-post.ts'
import { skipAuthTimeCheck } from '../tokens/requested-claims.ts'
import { validateCodeIdTokenResponse } from '../authorization/hybrid.ts'
import { processDiscoveryResponse } from '../endpoints/discovery.ts'
import { processIntrospectionResponse } from '../endpoints/introspection.ts'
import { processDynamicClientRegistrationResponse } from '../endpoints/registration.ts'
import { processResourceDiscoveryResponse } from '../endpoints/resource-metadata.ts'
import { processRevocationResponse } from '../endpoints/revocation.ts'
import { processUserInfoResponse } from '../endpoints/userinfo.ts'
import { validateApplicationLevelSignature } from '../exchange/application-level-signature.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { type BodySizeOptions, maxBodySize } from '../metadata/body-size.ts'
import { as, client, json, tokenBody } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { keyServer } from '../testing/key-server.ts'
import { refuses } from '../testing/refuses.ts'
import { bodyOf, endlessBody } from '../testing/streams.ts'
import { BODY_SIZE } from './body.ts'

const SIZE = 4096
const TYPE = { 'content-type': 'application/json' }
const resource = new URL('https://api.example.com')

/** An answer of so many bytes, in parts of 100: its JSON, and white space behind it. */
function answerOf(bytes: number, body: unknown, status = 200): Response {
  const text = JSON.stringify(body).padEnd(bytes)
  return new Response(bodyOf(...(text.match(/.{1,100}/gs) ?? [])), { status, headers: TYPE })
}

type Process = (bytes: number, options: BodySizeOptions) => Promise<unknown>

/** Every kind of function that reads a body: one of each way in which the option comes to it. */
const READERS: readonly (readonly [title: string, process: Process])[] = [
  [
    'a token response (Client)',
    (bytes, options) =>
      processBackchannelAuthenticationGrantResponse(as, { ...client, ...options }, answerOf(bytes, tokenBody())),
  ],
  [
    'UserInfo (Client)',
    (bytes, options) =>
      processUserInfoResponse(as, { ...client, ...options }, 'anna', answerOf(bytes, { sub: 'anna' })),
  ],
  [
    'an introspection response (Client)',
    (bytes, options) => processIntrospectionResponse(as, { ...client, ...options }, answerOf(bytes, { active: true })),
  ],
  [
    'a discovery response',
    (bytes, options) => processDiscoveryResponse(new URL(as.issuer), answerOf(bytes, { ...as }), options),
  ],
  [
    'resource metadata',
    (bytes, options) =>
      processResourceDiscoveryResponse(resource, answerOf(bytes, { resource: resource.href }), options),
  ],
  [
    'a registration response',
    (bytes, options) => processDynamicClientRegistrationResponse(answerOf(bytes, { client_id: 'shop' }, 201), options),
  ],
]

describe.each(READERS)('the size of %s', (_title, process) => {
  it('is bounded by maxBodySize, to the byte', async () => {
    const options = { [maxBodySize]: SIZE }
    await process(SIZE, options)
    await refuses(BODY_SIZE, () => process(SIZE + 1, options))
  })

  it('may be larger than the default where maxBodySize says so', async () => {
    const size = 1_048_576 + 1
    await refuses(BODY_SIZE, () => process(size, {}))
    await process(size, { [maxBodySize]: size })
  })

  it.each([
    ['a text', '4096', 'ERR_INVALID_ARG_TYPE'],
    ['null', null, 'ERR_INVALID_ARG_TYPE'],
    ['0', 0, 'ERR_INVALID_ARG_VALUE'],
    ['-1', -1, 'ERR_INVALID_ARG_VALUE'],
    ['half a byte', 0.5, 'ERR_INVALID_ARG_VALUE'],
    ['NaN', NaN, 'ERR_INVALID_ARG_VALUE'],
    ['infinite', Infinity, 'ERR_INVALID_ARG_VALUE'],
    ['more than a text can hold', 268_435_457, 'ERR_INVALID_ARG_VALUE'],
  ] as const)('is not %s', async (_value, bytes, code) => {
    const options: object = { [maxBodySize]: bytes }
    await isCallersMistake(code, () => process(SIZE, options))
  })

  it('may be 256 MiB, and one byte', async () => {
    await process(SIZE, { [maxBodySize]: 268_435_456 })
    await expect(process(SIZE, { [maxBodySize]: 1 })).rejects.toMatchObject({ rule: BODY_SIZE.id })
  })
})

describe('maxBodySize', () => {
  it('bounds an error answer, of a function without client too', async () => {
    const error = { error: 'unsupported_token_type' }
    const act = (bytes: number) => processRevocationResponse(answerOf(bytes, error, 400), { [maxBodySize]: SIZE })
    await expect(act(SIZE)).rejects.toMatchObject(error)
    await refuses(BODY_SIZE, () => act(SIZE + 1))
  })

  it('bounds what is taken from a body that does not end', async () => {
    const { stream, taken, cancelled } = endlessBody()
    const endless = new Response(stream, { headers: TYPE })
    const small = { ...client, [maxBodySize]: SIZE }
    await expect(processBackchannelAuthenticationGrantResponse(as, small, endless)).rejects.toMatchObject({
      rule: BODY_SIZE.id,
    })
    expect(cancelled()).toBe(true)
    expect(taken()).toBeLessThan(4 * 65_536)
  })

  it('of the options bounds the server’s keys (RFC 7517 5)', async () => {
    const response = json(tokenBody())
    await processBackchannelAuthenticationGrantResponse(as, client, response)
    const verify = (bytes: number) => {
      const keys = keyServer()
      keys.answer = () => answerOf(bytes, { keys: [] })
      const options = { ...keys.options, [maxBodySize]: SIZE }
      return validateApplicationLevelSignature({ ...as }, response, options)
    }
    await expect(verify(SIZE)).rejects.toMatchObject({ code: 'OAUTH_KEY_SELECTION_FAILED' })
    await expect(verify(SIZE + 1)).rejects.toMatchObject({ rule: BODY_SIZE.id })
  })

  it('that is wrong lets no request for the keys out', async () => {
    const response = json(tokenBody())
    await processBackchannelAuthenticationGrantResponse(as, client, response)
    const { requests, options } = keyServer()
    const wrong = { ...options, [maxBodySize]: 0 }
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => validateApplicationLevelSignature({ ...as }, response, wrong))
    expect(requests).toEqual([])
  })

  it('of the client bounds a form_post request (OAuth 2.0 Form Post Response Mode 2)', async () => {
    const small = { ...client, [maxBodySize]: SIZE }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const post = (bytes: number) =>
      new Request('https://shop.example.com/cb', { method: 'POST', headers, body: 'code=c&x='.padEnd(bytes, 'x') })
    const validate = (bytes: number) =>
      validateCodeIdTokenResponse(as, small, post(bytes), 'nonce', undefined, skipAuthTimeCheck)
    await expect(validate(SIZE)).rejects.toMatchObject({ rule: 'hybrid-response.id_token' })
    await expect(validate(SIZE + 1)).rejects.toMatchObject({ rule: BODY_SIZE.id })
    expect(await formPostResponse(post(SIZE + 1))).toHaveLength(SIZE + 1)
  })
})
