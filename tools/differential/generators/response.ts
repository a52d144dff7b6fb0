import fc from 'fast-check'
import { wwwAuthenticate } from './challenge.ts'
import { mostly, pick } from './mostly.ts'

/** A response as plain text, so that a fresh one can be made for each library. */
export interface ResponseInput {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  /** What is done with it before it is passed in, or what is passed instead. */
  readonly condition: Condition
}

type Condition = 'fresh' | 'read' | 'locked' | 'no body' | 'broken' | 'network error' | 'invalid UTF-8' | 'lookalike'

const STATUSES = [200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 302, 303, 304, 307, 400, 401, 403, 404, 405, 418]
const LATER_STATUSES = [429, 499, 500, 501, 502, 503, 504, 599]

export const anyStatus: fc.Arbitrary<number> = pick(...STATUSES, ...LATER_STATUSES)

/** Ways of writing one media type, right and wrong, and some others. */
export function contentTypes(type: string): fc.Arbitrary<string | undefined> {
  const [family = '', kind = ''] = type.split('/')
  return pick(
    undefined,
    '',
    `${type}; charset=utf-8`,
    `${type};charset=UTF-8`,
    `${type} ; charset=utf-8`,
    ` ${type} `,
    `${type};`,
    `${type},text/plain`,
    type.toUpperCase(),
    `${type}x`,
    `x${type}`,
    `${family}/x+${kind}`,
    `${family}/problem+json`,
    family,
    'text/plain',
    'text/html; charset=utf-8',
    'application/json',
    'application/jwt',
    'application/jwk-set+json',
    'application/token-introspection+jwt',
    'application/octet-stream',
    '*/*',
  )
}

const conditions = pick<Condition>('read', 'locked', 'no body', 'broken', 'network error', 'invalid UTF-8', 'lookalike')

export function responseWith(
  body: fc.Arbitrary<string>,
  status = 200,
  type = 'application/json',
): fc.Arbitrary<ResponseInput> {
  return fc
    .record({
      status: mostly(status, anyStatus),
      type: mostly<string | undefined, string | undefined>(type, contentTypes(type)),
      challenge: mostly<string | undefined, string>(undefined, wwwAuthenticate, 25),
      nonce: mostly<string | undefined, string>(undefined, pick('nonce-1', 'nonce 2', ''), 8),
      body,
      condition: mostly<Condition, Condition>('fresh', conditions, 40),
    })
    .map(({ status: code, type: contentType, challenge, nonce, body: text, condition }) => {
      const headers: [string, string][] = []
      if (contentType !== undefined) headers.push(['content-type', contentType])
      if (challenge !== undefined) headers.push(['www-authenticate', challenge])
      if (nonce !== undefined) headers.push(['dpop-nonce', nonce])
      return { status: code, headers, body: text, condition }
    })
}

/** Makes the response. Its body is bytes, so that an absent `content-type` stays absent. */
export async function makeResponse(input: ResponseInput): Promise<Response> {
  const { status, condition } = input
  if (condition === 'network error') return Response.error()
  const headers = input.headers.map(([name, value]): [string, string] => [name, value])
  const empty = condition === 'no body' || [204, 205, 304].includes(status)
  const response = new Response(empty ? null : bodyOf(input), { status, headers })
  if (condition === 'read') await response.text()
  if (condition === 'locked') response.body?.getReader()
  return condition === 'lookalike' ? lookalike(response) : response
}

function bodyOf({ condition, body }: ResponseInput): BodyInit {
  const bytes = new TextEncoder().encode(body)
  if (condition === 'invalid UTF-8') return Uint8Array.of(...bytes.subarray(0, -2), 0xc3, 0x28, ...bytes.subarray(-2))
  if (condition !== 'broken') return bytes
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bytes)
      controller.error(new TypeError('terminated'))
    },
  })
}

/** The face that a response of another realm shows, such as undici's: no instance of this realm's class. */
const foreignPrototype = Object.defineProperty({}, Symbol.toStringTag, { value: 'Response' })

function lookalike(response: Response): Response {
  const handler: ProxyHandler<object> = {
    get(_target, key) {
      const value: unknown = Reflect.get(response, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => Reflect.apply(value, response, args)
    },
    has: (_target, key) => key in response,
    getPrototypeOf: () => foreignPrototype,
  }
  // An assertion, because the proxy answers everything that is asked of it with the response's own members.
  return new Proxy({}, handler) as Response
}
