import fc, { type Arbitrary } from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as countersign from '../index.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from './answers.ts'
import * as hostile from './hostile.ts'
import { resolvesOrRefuses } from './resolves-or-refuses.ts'
import { bodyOf, endlessBody } from './streams.ts'

/*
 * No byte sequence as a body or a header makes a process function do anything but resolve or reject with an error of
 * this library. JWTs, signatures and keys have such tests beside this file.
 */

type Process = (answer: Response) => Promise<unknown>

const CLAIMS = { ...idTokenClaims(), exp: 4_102_444_800 }

/** Each process function, and a valid answer for it. */
const FUNCTIONS: readonly (readonly [name: string, process: Process, valid: object])[] = [
  ['processDiscoveryResponse', (answer) => countersign.processDiscoveryResponse(new URL(as.issuer), answer), as],
  [
    'processBackchannelAuthenticationResponse',
    (answer) => countersign.processBackchannelAuthenticationResponse(as, client, answer),
    { auth_req_id: '1c266114', expires_in: 120, interval: 5 },
  ],
  [
    'processBackchannelAuthenticationGrantResponse',
    (answer) => countersign.processBackchannelAuthenticationGrantResponse(as, client, answer),
    tokenBody({ id_token: unsignedJwt(CLAIMS), expires_in: 300, refresh_token: 'refresh', scope: 'openid' }),
  ],
  [
    'processUserInfoResponse',
    (answer) => countersign.processUserInfoResponse(as, client, 'anna', answer),
    { sub: 'anna', email: 'anna@example.com', address: { country: 'DE' } },
  ],
  [
    'processAuthorizationCodeResponse',
    (answer) =>
      countersign.processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: 'n-0S6_WzA2Mj',
        maxAge: 600,
        requireIdToken: true,
      }),
    tokenBody({
      id_token: unsignedJwt({ ...CLAIMS, nonce: 'n-0S6_WzA2Mj', auth_time: 4_102_444_000 }),
      expires_in: 300,
      refresh_token: 'refresh',
    }),
  ],
  ...tokenFunctions(),
  [
    'processDeviceAuthorizationResponse',
    (answer) => countersign.processDeviceAuthorizationResponse(as, client, answer),
    {
      device_code: 'GmRh',
      user_code: 'WDJB-MJHT',
      verification_uri: 'https://op.example.com/device',
      verification_uri_complete: 'https://op.example.com/device?user_code=WDJB-MJHT',
      expires_in: 1800,
      interval: 5,
    },
  ],
  [
    'processIntrospectionResponse',
    (answer) => countersign.processIntrospectionResponse(as, client, answer),
    { active: true, scope: 'read', cnf: { jkt: 'thumbprint' }, exp: 4_102_444_800 },
  ],
  [
    'processDynamicClientRegistrationResponse',
    (answer) => countersign.processDynamicClientRegistrationResponse(as201(answer)),
    { client_id: 'shop', client_secret: 'secret', client_secret_expires_at: 0, redirect_uris: [] },
  ],
  ['processRevocationResponse', (answer) => countersign.processRevocationResponse(answer), {}],
  [
    'processResourceDiscoveryResponse',
    (answer) => countersign.processResourceDiscoveryResponse(new URL('https://api.example.com'), answer),
    { resource: 'https://api.example.com', authorization_servers: [as.issuer], scopes_supported: ['read'] },
  ],
]

/** The functions of the grants whose answers are all alike. */
function tokenFunctions() {
  const names = [
    'processRefreshTokenResponse',
    'processClientCredentialsResponse',
    'processDeviceCodeResponse',
    'processGenericTokenEndpointResponse',
  ] as const
  const valid = tokenBody({ id_token: unsignedJwt(CLAIMS), expires_in: 300 })
  return names.map((name) => [name, (answer: Response) => countersign[name](as, client, answer), valid] as const)
}

/** A registration is answered with another status than everything else. */
function as201(answer: Response): Response {
  const { body, headers, status } = answer
  return new Response(body, { status: status === 200 ? 201 : status, headers })
}

const PARAMETERS = { seed: hostile.SEED, numRuns: 200 }

interface Headers {
  readonly status: number
  readonly contentType: string | undefined
  readonly challenge: string | undefined
}

/** How an answer introduces itself: mostly as a good one, so that its body is looked at. */
const headers: Arbitrary<Headers> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ status: 200, contentType: 'application/json', challenge: undefined }) },
  {
    weight: 1,
    arbitrary: fc.record({
      status: hostile.status,
      contentType: hostile.contentTypeText,
      challenge: fc.option(hostile.challengeText, { nil: undefined }),
    }),
  },
)

function answer(body: BodyInit | null, { status, contentType, challenge }: Headers): Response {
  const response = new Response(body, { status })
  response.headers.delete('content-type')
  if (contentType !== undefined) response.headers.set('content-type', contentType)
  if (challenge !== undefined) response.headers.set('www-authenticate', challenge)
  return response
}

const GOOD: Headers = { status: 200, contentType: 'application/json', challenge: undefined }
const BAD_REQUEST: Headers = { ...GOOD, status: 400 }

// a machine that does much else at the same time is slow
vi.setConfig({ testTimeout: 30_000 })

beforeAll(() => {
  console.log(`hostile input: COUNTERSIGN_SEED=${hostile.SEED} repeats it`)
})

describe.each(FUNCTIONS)(`%s, seed ${hostile.SEED}`, (_, process, valid) => {
  async function holds<T>(input: Arbitrary<T>, act: (input: T) => Promise<unknown>): Promise<void> {
    await fc.assert(
      fc.asyncProperty(input, async (value) => {
        await resolvesOrRefuses(() => act(value))
      }),
      PARAMETERS,
    )
  }

  it('takes its valid answer', async () => {
    expect(await resolvesOrRefuses(() => process(json(valid)))).toBe(true)
  })

  it('resolves or refuses, whatever bytes the body is', async () => {
    const input = fc.tuple(fc.uint8Array({ maxLength: 200 }), headers)
    await holds(input, ([bytes, given]) => process(answer(bytes, given)))
  })

  it('resolves or refuses, whatever JSON the body is', async () => {
    await holds(fc.tuple(hostile.jsonText, headers), ([text, given]) => process(answer(text, given)))
  })

  it('resolves or refuses a valid answer whose bytes were changed', async () => {
    const input = fc.tuple(hostile.mutated(fc.constant(JSON.stringify(valid))), headers)
    await holds(input, ([bytes, given]) => process(answer(bytes, given)))
  })

  it('resolves or refuses a valid answer whose members were changed, left out or named twice', async () => {
    const input = fc.tuple(hostile.jsonObjectText(valid), headers)
    await holds(input, ([text, given]) => process(answer(text, given)))
  })

  it('resolves or refuses an error answer whose members were changed', async () => {
    const text = hostile.jsonObjectText({ error: 'access_denied', error_description: 'words' }, 'error_uri', 'algs')
    await holds(text, (body) => process(answer(body, BAD_REQUEST)))
  })

  it('resolves or refuses, in whatever parts the body comes and wherever it breaks off', async () => {
    const text = JSON.stringify(valid)
    const input = fc.tuple(fc.nat({ max: text.length }), fc.boolean(), headers)
    await holds(input, ([at, breaks, given]) => {
      const stream = bodyOf(text.slice(0, at), breaks ? new Error('reset') : text.slice(at))
      return process(answer(stream, given))
    })
  })

  it('resolves or refuses, whatever its challenge is', async () => {
    const input = fc.tuple(hostile.challengeText, hostile.status)
    await holds(input, ([challenge, status]) => process(answer('{}', { ...GOOD, challenge, status })))
  })

  it('resolves or refuses, whatever its content type is', async () => {
    const input = fc.tuple(hostile.headerText, hostile.status)
    await holds(input, ([contentType, status]) =>
      process(answer(JSON.stringify(valid), { ...GOOD, contentType, status })),
    )
  })

  describe.each(hostile.DEEP)('of %s that nest 100,000 deep', (_, deep) => {
    it.each([
      ['success', GOOD],
      ['error', BAD_REQUEST],
    ])('resolves or refuses an answer of %s', async (_, given) => {
      await resolvesOrRefuses(() => process(answer(deep, given)))
    })

    it('resolves or refuses a valid answer with such a member', async () => {
      for (const name of [...Object.keys(valid), 'extra']) {
        const text = JSON.stringify({ ...valid, [name]: '#' }).replace('"#"', deep)
        await resolvesOrRefuses(() => process(answer(text, GOOD)))
      }
    })

    it('resolves or refuses an error answer with such a member', async () => {
      for (const name of ['error', 'error_description', 'extra']) {
        const text = JSON.stringify({ error: 'access_denied', [name]: '#' }).replace('"#"', deep)
        await resolvesOrRefuses(() => process(answer(text, BAD_REQUEST)))
      }
    })
  })

  describe.each([
    ['success', GOOD],
    ['error', BAD_REQUEST],
    ['failure', { ...GOOD, status: 500 }],
  ])('given an answer of %s', (_, given) => {
    it('ends, when the body does not', async () => {
      const { stream, taken } = endlessBody()
      await resolvesOrRefuses(() => process(answer(stream, given)))
      expect(taken()).toBeLessThan(2 ** 22)
    })

    it('ends, when the body is large and comes at once', async () => {
      await resolvesOrRefuses(() => process(answer('x'.repeat(2 ** 23), given)))
    })

    it('ends, when there is no body', async () => {
      await resolvesOrRefuses(() => process(answer(null, given)))
    })
  })
})

describe('a challenge of many megabytes', () => {
  it.each([
    ['quoted text', `Bearer realm="${'x'.repeat(2 ** 24)}"`],
    ['quoted text without end', `Bearer realm="${'x'.repeat(2 ** 24)}`],
    ['escaped text', `Bearer realm="${'\\x'.repeat(2 ** 23)}"`],
    ['a token', `Bearer ${'x'.repeat(2 ** 24)}`],
    ['a scheme', 'x'.repeat(2 ** 24)],
    ['blanks', `Bearer${' '.repeat(2 ** 22)}x${' '.repeat(2 ** 22)}y`],
    ['commas', `Bearer${','.repeat(2 ** 22)}x`],
    ['parameters', `Bearer ${'a=b,'.repeat(2 ** 16)}`],
    ['schemes', 'a,'.repeat(2 ** 16)],
    ['equal signs', `Bearer x${'='.repeat(2 ** 22)}y`],
    ['quotes', `Bearer ${'a="",'.repeat(2 ** 16)}"`],
    ['back slashes', `Bearer a="${'\\'.repeat(2 ** 22)}`],
  ])('of %s does not stand in the way of an answer', async (_, challenge) => {
    const refused = answer('{}', { ...GOOD, status: 401, challenge })
    await resolvesOrRefuses(() => countersign.processBackchannelAuthenticationResponse(as, client, refused))
  })
})

it('leaves Object.prototype as it was', () => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect('polluted' in {}).toBe(false)
})
