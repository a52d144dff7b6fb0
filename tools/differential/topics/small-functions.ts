import fc from 'fast-check'
import { anyJson, type Members, objectText } from '../generators/json.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { contentTypes } from '../generators/response.ts'
import { functionOf } from '../harness/library.ts'
import { alphabetOf } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'

/** RFC 7636 §4.1 and §4.2, and the values that must not be guessed. */
export const codeChallenge: Topic = topic<{ readonly verifier: unknown }>({
  name: 'PKCE code challenge',
  needs: ['calculatePKCECodeChallenge'],
  weight: 1,
  input: fc.record({
    verifier: mostlyFrom<unknown, unknown>(fc.string({ unit: 'binary', maxLength: 150 }), garbage, 4),
  }),
  stage:
    ({ verifier }) =>
    async ({ library, call }) => {
      await call('calculatePKCECodeChallenge', () => library.calculatePKCECodeChallenge(wrong(verifier)))
    },
})

const GENERATORS = ['generateRandomCodeVerifier', 'generateRandomState', 'generateRandomNonce'] as const

export const randomValues: Topic = topic<{ readonly generator: (typeof GENERATORS)[number] }>({
  name: 'random value',
  needs: GENERATORS,
  weight: 0.2,
  input: fc.record({ generator: pick(...GENERATORS) }),
  stage:
    ({ generator }) =>
    async ({ library, note }) => {
      const [first, second] = [library[generator](), library[generator]()]
      note(generator, alphabetOf(first))
      note('different each time', first !== second)
      await Promise.resolve()
    },
})

const URLS = [
  'https://as.example',
  'http://as.example',
  'http://localhost',
  'http://[::1]',
  'ftp://x',
  'urn:x',
  'data:,',
]

export const protocol: Topic = topic<{ readonly url: unknown; readonly enforce: unknown }>({
  name: 'protocol of a URL',
  needs: ['checkProtocol'],
  weight: 0.5,
  input: fc.record({
    url: mostlyFrom<unknown, unknown>(
      pick(...URLS).map((text) => new URL(text)),
      garbage,
      6,
    ),
    enforce: mostlyFrom<unknown, unknown>(pick(true, false, undefined), garbage, 6),
  }),
  stage:
    ({ url, enforce }) =>
    async ({ library, call }) => {
      await call('checkProtocol', () => library.checkProtocol(wrong(url), wrong(enforce)))
    },
})

export const contentType: Topic = topic<{ readonly type: string | undefined; readonly form: unknown }>({
  name: 'content type of a message',
  needs: ['getContentType'],
  weight: 0.5,
  input: fc.record({
    type: contentTypes('application/json'),
    form: mostly<unknown, unknown>('response', fc.oneof(pick('request'), garbage)),
  }),
  stage:
    ({ type, form }) =>
    async ({ library, call }) => {
      const headers = new Headers(type === undefined ? {} : { 'content-type': type })
      const message =
        form === 'response'
          ? new Response(null, { headers })
          : form === 'request'
            ? new Request('https://x', { headers })
            : form
      await call('getContentType', () => functionOf(library, 'getContentType')(message))
    },
})

export const endpointResolution: Topic = topic<{ readonly args: readonly unknown[] }>({
  name: 'endpoint of a server',
  needs: ['resolveEndpoint'],
  weight: 0.5,
  input: fc
    .tuple(
      mostlyFrom<unknown, unknown>(
        fc.record({
          issuer: fc.constant('https://as.example'),
          token_endpoint: mostlyFrom<unknown, unknown>(
            pick('https://as.example/t', 'http://as.example/t', 'x', ''),
            garbage,
            4,
          ),
          mtls_endpoint_aliases: mostly<unknown, unknown>(
            undefined,
            pick<unknown>({ token_endpoint: 'https://m.example/' }, {}, 1),
          ),
        }),
        garbage,
        10,
      ),
      mostly('token_endpoint', pick('issuer', 'x', '')),
      mostlyFrom<unknown, unknown>(pick(true, false, undefined), garbage, 6),
      mostlyFrom<unknown, unknown>(pick(true, false, undefined), garbage, 6),
    )
    .map((args) => ({ args })),
  stage:
    ({ args }) =>
    async ({ library, call }) => {
      await call('resolveEndpoint', () => functionOf(library, 'resolveEndpoint')(...args))
    },
})

export const validatedClaims: Topic = topic<{ readonly reference: unknown }>({
  name: 'claims of something else',
  needs: ['getValidatedIdTokenClaims'],
  weight: 0.3,
  input: fc.record({
    reference: fc.oneof(
      garbage,
      anyJson.map((text) => toObject([['id_token', text]])),
    ),
  }),
  stage:
    ({ reference }) =>
    async ({ library, call }) => {
      await call('getValidatedIdTokenClaims', () => library.getValidatedIdTokenClaims(wrong(reference)))
    },
})

function toObject(members: Members): unknown {
  return JSON.parse(objectText(members))
}

interface Post {
  readonly method: string
  readonly type: string | undefined
  readonly body: string
  readonly condition: 'fresh' | 'read' | 'locked' | 'without body'
}

export const formPost: Topic = topic<{ readonly request: Post | { readonly garbage: unknown } }>({
  name: 'form_post request',
  needs: ['formPostResponse'],
  weight: 1,
  input: fc.record({
    request: mostlyFrom<Post, { readonly garbage: unknown }>(
      fc.record<Post>({
        method: mostly('POST', pick('PUT', 'post', 'PATCH')),
        type: mostly<string | undefined, string | undefined>(
          'application/x-www-form-urlencoded',
          contentTypes('application/x-www-form-urlencoded'),
        ),
        body: mostly('code=code&state=state', pick('', 'ü', '%', 'a=b&a=c', '\ufeffa=b', '{}')),
        condition: mostly('fresh', pick('read', 'locked', 'without body')),
      }),
      garbage.map((value) => ({ garbage: value })),
      20,
    ),
  }),
  stage:
    ({ request }) =>
    async ({ library, call, note }) => {
      const given = 'garbage' in request ? request.garbage : await makePost(request)
      await call('formPostResponse', () => functionOf(library, 'formPostResponse')(given))
      if (given instanceof Request) note('body used', given.bodyUsed)
    },
})

/** The body is bytes, so that an absent `content-type` stays absent. */
async function makePost({ method, type, body, condition }: Post): Promise<Request> {
  const headers = new Headers(type === undefined ? {} : { 'content-type': type })
  const bytes = condition === 'without body' ? null : new TextEncoder().encode(body)
  const request = new Request('https://client.example/callback', { method, headers, body: bytes })
  if (condition === 'read') await request.text()
  if (condition === 'locked') request.body?.getReader()
  return request
}
