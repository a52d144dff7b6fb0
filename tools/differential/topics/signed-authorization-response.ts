import fc from 'fast-check'
import {
  codeResponse,
  type Entries,
  entriesOf,
  type ExpectedState,
  expectedState,
  parameter,
} from '../generators/front-channel.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { makeToken, signed, type SignedInput } from '../generators/id-token.ts'
import { member, memberFrom, type Members, membersOf, optional } from '../generators/json.ts'
import { CLIENT_ID, clientOf, ISSUER, seldom, serverOf, usually } from '../generators/metadata.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { atAnEdge, fromNow } from '../generators/moment.ts'
import { halfHash, keySet } from '../generators/server-keys.ts'
import { functionOf, type Library } from '../harness/library.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'
import { stateOf } from './authorization-response.ts'

const issuer = JSON.stringify(ISSUER)
const client = JSON.stringify(CLIENT_ID)
const published = { jwks_uri: usually('https://as.example/jwks') }

/** What the options say about encryption, beside where the keys come from. */
type Decryption = 'absent' | 'to the token' | { readonly garbage: unknown }
const decryption = mostly<Decryption, Decryption>(
  'absent',
  fc.oneof(
    pick<Decryption>('to the token', 'to the token', 'to the token'),
    garbage.map((value) => ({ garbage: value })),
  ),
  6,
)

function optionsFor(scene: Scene, alg: string, decrypt: Decryption, token: string): object {
  const { library } = scene
  const wire = transport(scene, [() => keySet(alg)])
  const own = { [library.customFetch]: wire.fetch }
  if (decrypt === 'absent') return own
  const hook = decrypt === 'to the token' ? () => Promise.resolve(token) : decrypt.garbage
  return { ...own, [library.jweDecrypt]: hook }
}

interface JarmInput {
  readonly signed: SignedInput
  readonly outer: Entries
  readonly form: 'URLSearchParams' | 'URL' | { readonly garbage: unknown }
  readonly expectedState: ExpectedState
  readonly decrypt: Decryption
}

const jarmClaims: fc.Arbitrary<Members> = membersOf(
  member('iss', issuer, '"https://other.example"', `"${ISSUER}/"`),
  member('aud', client, `[${client}]`, `[${client},"other"]`, '"other"'),
  memberFrom('exp', fromNow(300), atAnEdge),
  optional('nbf', fromNow(0), fromNow(300)),
  member('code', '"code"', '""'),
  member('state', '"state"', '"other"'),
  optional('error', '"access_denied"', '""'),
  optional('error_description', '"a description"'),
  optional('response', '"a.b.c"', '""'),
  optional('id_token', '"a.b.c"'),
  optional('token', '"token"'),
  optional('expires_in', '60', '"60"'),
)

/** JARM §2.4 and RFC 9207: a response that is a JWT. */
export const jwtAuthorizationResponse: Topic = topic<JarmInput>({
  name: 'JWT authorization response',
  needs: ['validateJwtAuthResponse', 'jweDecrypt'],
  weight: 7,
  input: fc.record({
    signed: signed(jarmClaims, {
      client: 'authorization_signed_response_alg',
      server: 'authorization_signing_alg_values_supported',
      more: { as: { ...published, authorization_response_iss_parameter_supported: seldom(true, true, false) } },
    }),
    outer: entriesOf(
      parameter('response', '‹response›', 'a.b.c', 'e30.a.b.c.d', 'e30.a.b.c.d'),
      parameter('state', undefined, 'other'),
      parameter('error', undefined, 'access_denied'),
    ),
    form: mostlyFrom<JarmInput['form'], JarmInput['form']>(
      pick('URLSearchParams', 'URL'),
      garbage.map((value) => ({ garbage: value })),
      30,
    ),
    expectedState,
    decrypt: decryption,
  }),
  stage: (input) => {
    const token = makeToken(input.signed)
    return async (scene) => {
      const { library, clock, call } = scene
      clock.at(input.signed.milliseconds)
      await call('validateJwtAuthResponse', () =>
        library.validateJwtAuthResponse(
          serverOf(input.signed.parties),
          clientOf(input.signed.parties, library),
          wrong(outerForm(input, token)),
          stateOf(input.expectedState, library),
          optionsFor(scene, input.signed.jwt.alg, input.decrypt, token),
        ),
      )
    }
  },
})

function outerForm({ form, outer }: JarmInput, token: string): unknown {
  const parameters = withToken(outer, '‹response›', token)
  if (form === 'URLSearchParams') return parameters
  return form === 'URL' ? new URL(`https://client.example/callback?${parameters.toString()}`) : form.garbage
}

function withToken(entries: Entries, mark: string, token: string): URLSearchParams {
  return new URLSearchParams(entries.map(([name, value]): [string, string] => [name, value === mark ? token : value]))
}

type Form = 'URLSearchParams' | 'fragment' | 'query' | 'no fragment' | Post | { readonly garbage: unknown }
interface Post {
  readonly method: string
  readonly type: string
  readonly read: boolean
}

interface HybridInput {
  readonly call: 'validateCodeIdTokenResponse' | 'validateDetachedSignatureResponse'
  readonly signed: SignedInput
  readonly outer: Entries
  readonly form: Form
  readonly expectedNonce: unknown
  readonly expectedState: ExpectedState
  /** `'skip'` stands for the symbol. */
  readonly maxAge: unknown
  readonly decrypt: Decryption
}

const hybridClaims: fc.Arbitrary<Members> = membersOf(
  member('iss', issuer, '"https://other.example"'),
  member('sub', '"someone"', '""'),
  member('aud', client, `[${client}]`, `[${client},"other"]`, '"other"'),
  optional('azp', client, '"other"'),
  memberFrom('exp', fromNow(300), atAnEdge),
  memberFrom('iat', fromNow(0), pick(fromNow(-3600), fromNow(-3600.5), fromNow(-3601), fromNow(300), '"x"')),
  optional('auth_time', fromNow(-60), fromNow(-90), fromNow(-90.5), fromNow(-100), fromNow(0), '-1'),
  member('nonce', '"nonce"', '"other"', '""'),
  member('c_hash', '"‹c_hash›"', '"x"', '""', '"‹s_hash›"'),
  member('s_hash', '"‹s_hash›"', '"x"', '""', '"‹c_hash›"'),
  optional('at_hash', '"x"'),
)

const posts = fc.record({
  method: mostly('POST', pick('PUT', 'post')),
  type: mostly(
    'application/x-www-form-urlencoded',
    pick('application/x-www-form-urlencoded;charset=utf-8', 'text/plain'),
  ),
  read: mostly(false, fc.constant(true), 10),
})

/** OIDC Core §3.3.2.11, FAPI 1.0 part 2 §5.2.2.1: a code beside an ID Token that vouches for it. */
export const hybridResponse: Topic = topic<HybridInput>({
  name: 'code and ID Token response',
  needs: ['validateCodeIdTokenResponse', 'validateDetachedSignatureResponse', 'jweDecrypt'],
  weight: 10,
  input: fc.record({
    call: pick('validateCodeIdTokenResponse', 'validateDetachedSignatureResponse'),
    signed: signed(hybridClaims, {
      client: 'id_token_signed_response_alg',
      server: 'id_token_signing_alg_values_supported',
      more: {
        as: { ...published, authorization_response_iss_parameter_supported: seldom(true, false) },
        client: { require_auth_time: seldom(true, false, 'x'), default_max_age: seldom(60, 60, -1, 0.5) },
      },
    }),
    outer: entriesOf(parameter('id_token', '‹id_token›', 'a.b.c', 'e30.a.b.c.d', 'e30.a.b.c.d', 'x'), ...codeResponse),
    form: mostlyFrom<Form, Form>(
      fc.oneof(pick<Form>('URLSearchParams', 'fragment'), posts),
      fc.oneof(
        pick<Form>('query', 'no fragment'),
        garbage.map((value) => ({ garbage: value })),
      ),
      20,
    ),
    expectedNonce: mostlyFrom<unknown, unknown>(fc.constant('nonce'), garbage, 15),
    expectedState,
    maxAge: mostlyFrom<unknown, unknown>(pick<unknown>(undefined, undefined, undefined, 60, 'skip'), garbage, 15),
    decrypt: decryption,
  }),
  stage: (input) => {
    const [code = '', state = ''] = ['code', 'state'].map((name) => input.outer.find((one) => one[0] === name)?.[1])
    const { alg } = input.signed.jwt
    const payload = input.signed.jwt.payload
      .replaceAll('‹c_hash›', halfHash(alg, code))
      .replaceAll('‹s_hash›', halfHash(alg, state))
    const token = makeToken({ ...input.signed, jwt: { ...input.signed.jwt, payload } })
    return async (scene) => {
      const { library, clock } = scene
      clock.at(input.signed.milliseconds)
      const given = await hybridForm(input, token)
      const args = [
        serverOf(input.signed.parties),
        clientOf(input.signed.parties, library),
        given,
        input.expectedNonce,
        stateOf(input.expectedState, library),
        maxAgeOf(input.maxAge, library),
        optionsFor(scene, alg, input.decrypt, token),
      ]
      await scene.call<unknown>(input.call, () => wrong(functionOf(library, input.call)(...args)))
    }
  },
})

function maxAgeOf(maxAge: unknown, library: Library): unknown {
  return maxAge === 'skip' ? library.skipAuthTimeCheck : maxAge
}

async function hybridForm({ form, outer }: HybridInput, token: string): Promise<unknown> {
  const parameters = withToken(outer, '‹id_token›', token)
  const url = 'https://client.example/callback'
  if (form === 'URLSearchParams') return parameters
  if (form === 'fragment') return new URL(`${url}#${parameters.toString()}`)
  if (form === 'query') return new URL(`${url}?${parameters.toString()}`)
  if (form === 'no fragment') return new URL(url)
  if ('garbage' in form) return form.garbage
  const { method, type, read } = form
  const request = new Request(url, { method, headers: { 'content-type': type }, body: parameters.toString() })
  if (read) await request.text()
  return request
}
