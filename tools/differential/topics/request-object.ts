import fc from 'fast-check'
import { CLIENT_KEY_NAMES, clientKey, type ClientKeyName, GOOD_CLIENT_KEYS, isGood } from '../generators/client-keys.ts'
import { garbage, wrong } from '../generators/garbage.ts'
import { clientOf, parties, type Parties, serverOf } from '../generators/metadata.ts'
import { makeModification, modification, onlyWith, type ModificationInput } from '../generators/modification.ts'
import { mostlyFrom, pick } from '../generators/mostly.ts'
import { openJwt } from '../harness/signed.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly parties: Parties
  readonly entries: readonly (readonly [string, string])[]
  readonly key: ClientKeyName
  readonly kid: unknown
  readonly modification: ModificationInput
}

const entry = fc.oneof(
  fc.tuple(pick('scope', 'client_id', 'iss', 'aud', 'exp', 'jti', 'request', '__proto__', 'state'), pick('x', '')),
  fc.tuple(pick('resource'), pick('https://rs.example', 'https://rs.example/2', '')),
  fc.tuple(pick('max_age'), pick('10', '10abc', '1.5', '-1', '', 'x', ' 5 ', '1e3', 'Infinity')),
  fc.tuple(pick('claims'), pick('{"id_token":{}}', '[]', 'null', '', '{', '"s"')),
  fc.tuple(pick('authorization_details'), pick('[{"type":"a"}]', '[]', '{}', '', '[', '[1]')),
)

/** RFC 9101 §4: an authorization request as a signed JWT. */
export const requestObject: Topic = topic<Input>({
  name: 'request object',
  needs: ['issueRequestObject', 'modifyAssertion'],
  weight: 4,
  input: fc.record({
    parties: parties(),
    entries: fc.array(entry, { maxLength: 4 }),
    key: mostlyFrom<ClientKeyName, ClientKeyName>(pick('ES256', ...GOOD_CLIENT_KEYS), pick(...CLIENT_KEY_NAMES), 12),
    kid: mostlyFrom<unknown, unknown>(pick('kid', undefined), garbage, 10),
    modification,
  }),
  stage: (input) => async (scene) => {
    const { privateKey, publicKey } = await clientKey(input.key)
    const { library } = scene
    const options = makeModification(onlyWith(isGood(input.key), input.modification), scene)
    const parameters = input.entries.map(([name, value]) => [name, value])
    await scene.call('issueRequestObject', async () =>
      openJwt(
        await library.issueRequestObject(
          serverOf(input.parties),
          clientOf(input.parties, library),
          parameters,
          wrong({ key: privateKey, kid: input.kid }),
          wrong(options),
        ),
        input.key === 'HMAC' ? undefined : publicKey,
      ),
    )
  },
})
