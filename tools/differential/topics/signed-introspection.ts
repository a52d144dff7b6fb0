import fc from 'fast-check'
import { makeToken, signed, type SignedInput } from '../generators/id-token.ts'
import { wrong } from '../generators/garbage.ts'
import { member, memberFrom, membersOf, optional } from '../generators/json.ts'
import { clientOf, serverOf } from '../generators/metadata.ts'
import { mostlyFrom } from '../generators/mostly.ts'
import { atAnEdge, fromNow } from '../generators/moment.ts'
import { give } from '../generators/possible-response.ts'
import { type ResponseInput, responseWith } from '../generators/response.ts'
import { keySet } from '../generators/server-keys.ts'
import {
  makeDecryption,
  type ProcessingInput,
  processing,
  withDecryption,
  withoutDecryption,
} from '../generators/token-response.ts'
import { type Topic, topic } from '../harness/topic.ts'
import { transport } from '../harness/transport.ts'

interface Input {
  readonly signed: SignedInput
  readonly encrypted: boolean
  readonly response: ResponseInput
  readonly processing: ProcessingInput
}

const TYPE = 'application/token-introspection+jwt'

const claims = membersOf(
  member('iss', '"https://as.example"', '"https://other.example"', '"https://as.example/"'),
  member('aud', '"client"', '["client"]', '["client","other"]', '"other"', '[]'),
  memberFrom('iat', fromNow(0), atAnEdge),
  optional('exp', fromNow(300), fromNow(-300), '"x"'),
  optional('nbf', fromNow(0), fromNow(300)),
  optional('sub', '"someone"'),
  member(
    'token_introspection',
    '{"active":true,"client_id":"client"}',
    '{"active":false}',
    '{"active":"true"}',
    '{}',
    '{"__proto__":{"active":true}}',
    '[{"active":true}]',
  ),
)

const header = [
  member('typ', '"token-introspection+jwt"', `"${TYPE}"`, '"Token-Introspection+JWT"', '"JWT"', '"introspection+jwt"'),
]

/** RFC 9701 §5: what a server tells about a token as a JWT, perhaps encrypted, and its signature. */
export const signedIntrospection: Topic = topic<Input>({
  name: 'signed introspection response',
  needs: ['processIntrospectionResponse', 'validateApplicationLevelSignature', 'jweDecrypt'],
  weight: 5,
  input: fc.record({
    signed: signed(
      claims,
      { client: 'introspection_signed_response_alg', server: 'introspection_signing_alg_values_supported' },
      header,
    ),
    encrypted: mostlyFrom(fc.constant(false), fc.constant(true), 5),
    response: responseWith(fc.constant(''), 200, TYPE),
    processing: processing(mostlyFrom(withoutDecryption, withDecryption, 1)),
  }),
  stage: ({ signed: token, encrypted, response, processing: options }) => {
    const text = makeToken(token)
    const body = encrypted ? 'e30.a.b.c.d' : text
    return async (scene) => {
      const { library, clock, call } = scene
      const as = serverOf(token.parties)
      const { response: given, noteBody } = await give(scene, { ...response, body })
      clock.at(token.milliseconds)
      const { whole } = options
      const decryption = whole === 'object' ? makeDecryption(options.decrypt, scene, text) : whole.garbage
      const result = await call('processIntrospectionResponse', () =>
        library.processIntrospectionResponse(as, clientOf(token.parties, library), given, wrong(decryption)),
      )
      noteBody()
      if (result === undefined) return
      const wire = transport(scene, [() => keySet(token.jwt.alg)])
      const server = { ...as, jwks_uri: 'https://as.example/jwks' }
      await call('validateApplicationLevelSignature', () =>
        library.validateApplicationLevelSignature(server, given, { [library.customFetch]: wire.fetch }),
      )
    }
  },
})
