import fc from 'fast-check'
import type { ClientAuth } from 'oauth4webapi'
import { CLIENT_KEY_NAMES, clientKey, type ClientKeyName, GOOD_CLIENT_KEYS, isGood } from '../generators/client-keys.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { makeModification, modification, onlyWith, type ModificationInput } from '../generators/modification.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { openJwt, type Verifier } from '../harness/signed.ts'

interface Input {
  readonly secret: unknown
  /** How the key is given: bare, in an object, or as something else. */
  readonly form: 'bare' | 'object' | 'public' | { readonly garbage: unknown }
  readonly key: ClientKeyName
  readonly kid: unknown
  readonly clockSkew: unknown
  readonly id: string
  readonly milliseconds: number
  readonly modification: ModificationInput
}

const common = {
  clockSkew: mostly<unknown, unknown>(undefined, pick<unknown>(5, -3600, 0.5, 'text', null), 6),
  id: pick('client', 'ü:&+ '),
  milliseconds: pick(0, 1, 499, 500, 999),
  modification,
}

export const privateKeyJwt: Topic = topic<Input>({
  name: 'private_key_jwt',
  needs: ['PrivateKeyJwt', 'modifyAssertion'],
  weight: 4,
  input: fc.record({
    ...common,
    secret: fc.constant(undefined),
    form: mostlyFrom<Input['form'], Input['form']>(
      pick('bare', 'object'),
      fc.oneof(
        pick('public'),
        garbage.map((value) => ({ garbage: value })),
      ),
      15,
    ),
    key: mostlyFrom<ClientKeyName, ClientKeyName>(pick(...GOOD_CLIENT_KEYS), pick(...CLIENT_KEY_NAMES), 6),
    kid: mostlyFrom<unknown, unknown>(pick('kid', undefined), garbage, 6),
  }),
  stage: (input) => async (scene) => {
    const { privateKey, publicKey } = await clientKey(input.key)
    const { library } = scene
    const given = giveKey(isGood(input.key) ? input : { ...input, kid: undefined }, privateKey, publicKey)
    const options = makeModification(onlyWith(isGood(input.key), input.modification), scene)
    const method = await scene.call('PrivateKeyJwt', () => library.PrivateKeyJwt(wrong(given), wrong(options)))
    await apply(input, scene, method, input.key === 'HMAC' ? undefined : publicKey)
  },
})

export const clientSecretJwt: Topic = topic<Input>({
  name: 'client_secret_jwt',
  needs: ['ClientSecretJwt', 'modifyAssertion'],
  weight: 2,
  input: fc.record({
    ...common,
    secret: mostlyFrom<unknown, unknown>(pick('secret', 'ü€😀', 'x', 'x'.repeat(200)), garbage, 10),
    form: fc.constant('bare'),
    key: fc.constant('ES256'),
    kid: fc.constant(undefined),
  }),
  stage: (input) => async (scene) => {
    const options = makeModification(onlyWith(isGood(input.key), input.modification), scene)
    const make = scene.library.ClientSecretJwt
    const method = await scene.call('ClientSecretJwt', () => make(wrong(input.secret), wrong(options)))
    await apply(input, scene, method, typeof input.secret === 'string' ? input.secret : undefined)
  },
})

function giveKey({ form, kid }: Input, privateKey: CryptoKey, publicKey: CryptoKey): unknown {
  if (form === 'bare') return privateKey
  if (form === 'public') return publicKey
  if (form === 'object') return kid === undefined ? { key: privateKey } : { key: privateKey, kid }
  return form.garbage
}

async function apply(
  input: Input,
  { library, clock, call, note }: Parameters<ReturnType<Topic['stage']>>[0],
  method: ClientAuth | undefined,
  verifier: Verifier,
): Promise<void> {
  if (method === undefined) return
  clock.at(input.milliseconds)
  const body = new URLSearchParams({ client_assertion: 'before' })
  const headers = new Headers()
  const skew = input.clockSkew === undefined ? {} : { [library.clockSkew]: wrong(input.clockSkew) }
  const applied = await call('the method', async () => {
    await method({ issuer: 'https://as.example' }, { client_id: input.id, ...skew }, body, headers)
    return 'applied'
  })
  if (applied === undefined) return
  const seen = [...body].map(([name, value]) => [name, name === 'client_assertion' ? openJwt(value, verifier) : value])
  note('body', seen)
  note('headers', headers)
}
