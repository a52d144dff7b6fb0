import fc from 'fast-check'
import { CLIENT_KEY_NAMES, clientKey, type ClientKeyName, GOOD_CLIENT_KEYS, isGood } from '../generators/client-keys.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties } from '../generators/metadata.ts'
import { makeModification, modification, onlyWith, type ModificationInput } from '../generators/modification.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { opened } from '../harness/signed.ts'
import type { Scene } from '../harness/scene.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly key: ClientKeyName
  readonly pair: 'whole' | 'swapped' | 'public only' | 'private only' | 'two private' | { readonly garbage: unknown }
  readonly parties: Parties
  readonly modification: ModificationInput
  readonly steps: readonly Step[]
}

/** One request with the handle: to where, what nonce the answer brings, and how it is processed. */
interface Step {
  readonly to: 'token' | 'userinfo'
  readonly host: string
  readonly nonce: string | null
  readonly status: number
  readonly body: string
  readonly challenge: string | null
  readonly pause: number
  /** Whether the answer is processed: some clients learn from the response itself, some from its processing. */
  readonly process: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  to: pick('token', 'userinfo'),
  host: pick('https://as.example', 'https://as.example', 'https://rs.example:8443', 'https://as.example:443'),
  nonce: pick(null, 'nonce-1', 'nonce-2', '', 'a b', 'n'.repeat(300)),
  status: pick(200, 200, 400, 401, 500),
  body: pick('{}', '{"error":"use_dpop_nonce"}', '{"error":"invalid_grant"}', '{"sub":"someone"}', 'text'),
  challenge: pick(null, null, 'DPoP error="use_dpop_nonce"', 'Bearer error="invalid_token"', 'DPoP'),
  pause: pick(0, 0, 1, 3600),
  process: mostly(true, fc.constant(false), 3),
})

/** RFC 9449 §4.2 and §8: the proof of each request, and the nonce that the servers asked for. */
export const dpopProof: Topic = topic<Input>({
  name: 'DPoP proof',
  needs: ['DPoP', 'isDPoPNonceError', 'backchannelAuthenticationGrantRequest', 'userInfoRequest'],
  weight: 6,
  input: fc.record({
    key: mostlyFrom<ClientKeyName, ClientKeyName>(pick('ES256', ...GOOD_CLIENT_KEYS), pick(...CLIENT_KEY_NAMES), 12),
    pair: mostly<Input['pair'], Input['pair']>(
      'whole',
      fc.oneof(
        pick('swapped', 'public only', 'private only', 'two private'),
        garbage.map((value) => ({ garbage: value })),
      ),
      25,
    ),
    parties: parties(),
    modification,
    steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  }),
  stage: (input) => async (scene) => {
    const { privateKey, publicKey } = await clientKey(input.key)
    const { library } = scene
    const pair = makePair(input.pair, privateKey, publicKey)
    const options = makeModification(onlyWith(isGood(input.key), input.modification), scene)
    const client = clientOf(input.parties, library)
    const handle = await scene.call('DPoP', () =>
      scene.name(library.DPoP(client, wrong(pair), wrong(options)), 'the handle'),
    )
    if (handle === undefined) return
    await scene.call('calculateThumbprint', () => handle.calculateThumbprint())
    const verifier = input.key === 'HMAC' ? undefined : publicKey
    for (const one of input.steps) await take(one, scene, handle, verifier)
  },
})

function makePair(form: Input['pair'], privateKey: CryptoKey, publicKey: CryptoKey): unknown {
  switch (form) {
    case 'whole':
      return { privateKey, publicKey }
    case 'swapped':
      return { privateKey: publicKey, publicKey: privateKey }
    case 'public only':
      return { publicKey }
    case 'private only':
      return { privateKey }
    case 'two private':
      return { privateKey, publicKey: privateKey }
    default:
      return form.garbage
  }
}

async function take(
  { to, host, nonce, status, body, challenge, pause, process }: Step,
  scene: Scene,
  handle: ReturnType<Scene['library']['DPoP']>,
  verifier: CryptoKey | undefined,
): Promise<void> {
  const { library, clock, call } = scene
  const as = {
    issuer: 'https://as.example',
    token_endpoint: `${host}/token?query#f`,
    userinfo_endpoint: `${host}/user`,
  }
  const client = { client_id: 'client' }
  const headers = new Headers({ 'content-type': 'application/json' })
  if (nonce !== null) headers.set('dpop-nonce', nonce)
  if (challenge !== null) headers.set('www-authenticate', challenge)
  const wire = transport(scene, [() => new Response(body, { status, headers })], opened(undefined, verifier))
  const options = { DPoP: handle, [library.customFetch]: wire.fetch }
  const response = await call(`request to the ${to} endpoint`, () =>
    to === 'token'
      ? library.backchannelAuthenticationGrantRequest(as, client, library.None(), 'id', options)
      : library.userInfoRequest(as, client, 'token', options),
  )
  clock.advance(pause)
  if (response === undefined || !process) return
  const work = async (): Promise<unknown> =>
    to === 'token'
      ? await library.processBackchannelAuthenticationGrantResponse(as, client, response)
      : await library.processUserInfoResponse(as, client, library.skipSubjectCheck, response)
  await call('its answer', async () => {
    try {
      return await work()
    } catch (failure) {
      scene.note('is it about a nonce', library.isDPoPNonceError(failure))
      throw failure
    }
  })
}
