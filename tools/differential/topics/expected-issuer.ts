import fc from 'fast-check'
import { garbage, wrong } from '../generators/garbage.ts'
import { membersOf, member, objectText } from '../generators/json.ts'
import { assemble, type JwtInput } from '../generators/jwt.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { fromNow } from '../generators/moment.ts'
import { keySet } from '../generators/server-keys.ts'
import { symbolOf } from '../harness/library.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

const KINDS = {
  'ID Token': {},
  UserInfo: {},
  introspection: { typ: 'token-introspection+jwt' },
  JARM: {},
  'access token': { typ: 'at+jwt' },
} as const
type Kind = keyof typeof KINDS

const TEMPLATE = 'https://as.example/{tenant}'
const TENANT = 'https://as.example/t'

interface Input {
  readonly kind: Kind
  readonly claims: string
  /** What the function of the caller gives back, or what stands in its place. */
  readonly override:
    { readonly gives: unknown } | 'of the claims' | 'throwing' | 'a promise' | { readonly garbage: unknown }
}

const claims = membersOf(
  member('iss', JSON.stringify(TENANT), JSON.stringify(TEMPLATE), '"https://other.example"'),
  member('sub', '"someone"'),
  member('aud', '"client"'),
  member('exp', fromNow(300)),
  member('iat', fromNow(0)),
  member('jti', '"jti"'),
  member('client_id', '"client"'),
  member('code', '"code"'),
  member('token_introspection', '{"active":true}'),
)

/** Servers whose issuer has a place holder: who a token may come from is the caller's to say. */
export const expectedIssuer: Topic = topic<Input>({
  name: 'issuer of the caller’s own',
  needs: [
    '_expectedIssuer',
    'processBackchannelAuthenticationGrantResponse',
    'processUserInfoResponse',
    'processIntrospectionResponse',
    'validateJwtAuthResponse',
    'validateJwtAccessToken',
  ],
  weight: 3,
  input: fc.record({
    kind: pick(...(['ID Token', 'UserInfo', 'introspection', 'JARM', 'access token'] as const)),
    claims: claims.map(objectText),
    override: mostlyFrom<Input['override'], Input['override']>(
      fc.constant('of the claims'),
      fc.oneof(
        pick<Input['override']>('throwing', 'a promise'),
        mostly<unknown, unknown>(TENANT, fc.oneof(pick(TEMPLATE, 'https://other.example'), garbage), 1).map(
          (gives) => ({ gives }),
        ),
        garbage.map((value) => ({ garbage: value })),
      ),
      1,
    ),
  }),
  stage: (input) => {
    const header = JSON.stringify({ alg: 'ES256', ...KINDS[input.kind] })
    const jwt: JwtInput = { header, payload: input.claims, key: 'ES256', alg: 'ES256', damage: 'none' }
    const token = assemble(jwt)
    return async (scene) => {
      const as = {
        issuer: TEMPLATE,
        jwks_uri: 'https://as.example/jwks',
        [symbolOf(scene.library, '_expectedIssuer')]: makeOverride(input.override, scene),
      }
      await scene.call<unknown>(input.kind, () => process(input.kind, scene, as, token))
    }
  },
})

function makeOverride(override: Input['override'], scene: Scene): unknown {
  if (typeof override === 'object' && 'garbage' in override) return override.garbage
  return (...args: unknown[]): unknown => {
    scene.note('asked for the issuer with', args)
    if (override === 'throwing') throw scene.name(new Error('thrown'), 'the failure of the issuer function')
    if (override === 'a promise') return scene.name(Promise.resolve(TENANT), 'the promise')
    return override === 'of the claims' ? TENANT : override.gives
  }
}

function process(
  kind: Kind,
  scene: Scene,
  as: { readonly issuer: string; readonly jwks_uri: string },
  token: string,
): Promise<unknown> {
  const { library } = scene
  const client = {
    client_id: 'client',
    id_token_signed_response_alg: 'ES256',
    userinfo_signed_response_alg: 'ES256',
    introspection_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
  }
  const keys = { [library.customFetch]: transport(scene, [() => keySet('ES256')]).fetch }
  const typed = (type: string): Response => new Response(token, { headers: { 'content-type': type } })
  switch (kind) {
    case 'ID Token': {
      const answer = Response.json({ access_token: 'token', token_type: 'Bearer', id_token: token })
      return library.processBackchannelAuthenticationGrantResponse(as, client, answer)
    }
    case 'UserInfo':
      return library.processUserInfoResponse(as, client, 'someone', typed('application/jwt'))
    case 'introspection':
      return library.processIntrospectionResponse(as, client, typed('application/token-introspection+jwt'))
    case 'JARM': {
      const parameters = new URLSearchParams({ response: token })
      return library.validateJwtAuthResponse(as, client, parameters, library.skipStateCheck, wrong(keys))
    }
    case 'access token': {
      const request = new Request('https://rs.example/', { headers: { authorization: `Bearer ${token}` } })
      return library.validateJwtAccessToken(as, request, 'client', wrong(keys))
    }
  }
}
