import fc from 'fast-check'
import type { ClientAuth } from 'oauth4webapi'
import { garbage, wrong } from '../generators/garbage.ts'
import { mostlyFrom, pick } from '../generators/mostly.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly method: 'ClientSecretBasic' | 'ClientSecretPost' | 'None' | 'TlsClientAuth'
  readonly secret: unknown
  readonly id: string
  readonly body: readonly (readonly [string, string])[]
  readonly authorization: string | null
}

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.string({ maxLength: 12 }),
  pick("-_.!~*'()", ' +%', 'a:b', 'ü€😀', '\ud800', '\r\n', 'plain', '%41', ''),
)

/** RFC 6749 §2.3.1 and Appendix B: what may stand in the two halves of a Basic credential is encoded first. */
export const clientSecret: Topic = topic<Input>({
  name: 'client secret in a header or body',
  needs: ['ClientSecretBasic', 'ClientSecretPost', 'None', 'TlsClientAuth'],
  weight: 4,
  input: fc.record({
    method: pick('ClientSecretBasic', 'ClientSecretBasic', 'ClientSecretPost', 'None', 'TlsClientAuth'),
    secret: mostlyFrom<unknown, unknown>(text, garbage, 20),
    id: text,
    body: fc.array(fc.tuple(pick('client_id', 'client_secret', 'scope'), pick('1', '')), { maxLength: 2 }),
    authorization: pick(null, null, null, 'Bearer before'),
  }),
  stage: (input) => async (scene) => {
    const { library, call, note } = scene
    const method = await call<ClientAuth>(input.method, () => library[input.method](wrong(input.secret)))
    if (method === undefined) return
    const body = new URLSearchParams(input.body.map(([name, value]): [string, string] => [name, value]))
    const headers = new Headers(input.authorization === null ? {} : { authorization: input.authorization })
    const as = { issuer: 'https://as.example' }
    await call('the method', () => method(as, { client_id: input.id }, body, headers))
    note('body', body)
    note('headers', headers)
  },
})
