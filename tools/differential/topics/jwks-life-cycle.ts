import fc from 'fast-check'
import type { JWKSCacheInput } from 'oauth4webapi'
import { wrong } from '../generators/garbage.ts'
import { fromNow } from '../generators/moment.ts'
import { assemble } from '../generators/jwt.ts'
import { type KeyName, serverKey } from '../generators/keys.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { NOW } from '../harness/clock.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'

/** One validation: after a pause, of a token with a `kid`, while the server publishes certain keys. */
interface Step {
  readonly pause: number
  readonly kid: string | null
  readonly published: readonly (readonly [kid: string | null, key: KeyName])[]
  readonly fails: boolean
  /** Another one begins before this one has ended. */
  readonly twice: boolean
  /** Through a fresh object of server metadata: what a library remembers may be bound to the object. */
  readonly freshServer: boolean
}

interface Input {
  readonly steps: readonly Step[]
  readonly cache: 'none' | 'empty' | 'exported' | { readonly uat: unknown; readonly jwks: unknown }
}

const keys = mostlyFrom<Step['published'], Step['published']>(
  pick<Step['published']>([['a', 'ES256']], [['a', 'ES256']], [['b', 'ES256']], [[null, 'ES256']]),
  fc.array(fc.tuple(pick('a', 'b', null), pick<KeyName>('ES256', 'ES256', 'ES256-other', 'RS256')), { maxLength: 3 }),
  3,
)

const step: fc.Arbitrary<Step> = fc.record({
  pause: pick(0, 0, 1, 59, 60, 61, 239, 240, 299, 300, 301, 1000, -10, 0.5, 59.5, 299.5),
  kid: pick('a', 'a', 'b', null),
  published: keys,
  fails: mostly(false, fc.constant(true), 10),
  twice: mostly(false, fc.constant(true), 5),
  freshServer: mostly(false, fc.constant(true), 10),
})

const ages = pick<unknown>(0, -10, -59, -60, -61, -299, -300, -301, 10, 'text', null, -0.5)
const sets = pick<unknown>({ keys: [] }, { keys: [{ kty: 'EC' }] }, { keys: [null] }, { keys: {} }, {}, null, 'text')

/** Keys are kept 5 minutes at most, an unknown `kid` asks again after 60 seconds, and the caller may keep the cache. */
export const jwksLifeCycle: Topic = topic<Input>({
  name: 'life cycle of the server’s keys',
  needs: ['validateApplicationLevelSignature', 'processBackchannelAuthenticationGrantResponse', 'jwksCache'],
  weight: 5,
  input: fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
    cache: fc.oneof(
      pick('none', 'empty', 'exported'),
      fc.record({ uat: ages.map((age) => (typeof age === 'number' ? NOW + age : age)), jwks: sets }),
    ),
  }),
  stage: ({ steps, cache }) => {
    const tokens = steps.map(({ kid }) => tokenWith(kid))
    return async (scene) => {
      const kept = wrong(makeCache(cache))
      let as = server()
      for (const [index, one] of steps.entries()) {
        scene.clock.advance(one.pause)
        if (one.freshServer) as = server()
        const fetch = publisher(scene, one)
        const exchange = (): Promise<void> => validate(scene, as, tokens[index] ?? '', kept, fetch)
        await Promise.all(one.twice ? [exchange(), exchange()] : [exchange()])
        scene.note('the cache', kept)
      }
    }
  },
})

function server(): { issuer: string; jwks_uri: string } {
  return { issuer: 'https://as.example', jwks_uri: 'https://as.example/jwks' }
}

function tokenWith(kid: string | null): string {
  const header = JSON.stringify({ alg: 'ES256', ...(kid === null ? {} : { kid }) })
  const exp = fromNow(100_000)
  const payload = `{"iss":"https://as.example","sub":"someone","aud":"client","exp":${exp},"iat":${fromNow(0)}}`
  return assemble({ header, payload, key: 'ES256', alg: 'ES256', damage: 'none' })
}

function document(published: Step['published']): unknown {
  return { keys: published.map(([kid, key]) => ({ ...serverKey(key).jwk, ...(kid === null ? {} : { kid }) })) }
}

function makeCache(cache: Input['cache']): unknown {
  const known = { uat: NOW - 30, jwks: document([['a', 'ES256']]) }
  switch (cache) {
    case 'none':
      return undefined
    case 'empty':
      return {}
    case 'exported':
      return known
    default:
      return { ...cache }
  }
}

function publisher(scene: Scene, { published, fails }: Step): (url: string) => Promise<Response> {
  return async (url) => {
    scene.note('the keys were asked for at', url)
    await Promise.resolve()
    return fails ? new Response(null, { status: 503 }) : Response.json(document(published))
  }
}

async function validate(
  { library, call }: Scene,
  as: ReturnType<typeof server>,
  token: string,
  cache: JWKSCacheInput | undefined,
  fetch: (url: string) => Promise<Response>,
): Promise<void> {
  const client = { client_id: 'client', id_token_signed_response_alg: 'ES256' }
  const response = Response.json({ access_token: 'token', token_type: 'Bearer', id_token: token })
  await library.processBackchannelAuthenticationGrantResponse(as, client, response)
  const options = { [library.customFetch]: fetch, ...(cache === undefined ? {} : { [library.jwksCache]: cache }) }
  await call('validateApplicationLevelSignature', () =>
    library.validateApplicationLevelSignature(as, response, options),
  )
}
