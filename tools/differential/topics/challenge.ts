import fc from 'fast-check'
import { wwwAuthenticate } from '../generators/challenge.ts'
import { mostly, mostlyFrom, pick } from '../generators/mostly.ts'
import { anyStatus } from '../generators/response.ts'
import type { Library } from '../harness/library.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  /** Each in a field line of its own (RFC 9110 §5.3). */
  readonly challenges: readonly string[]
  readonly status: number
  readonly body: string
  readonly process: (typeof PROCESSES)[number]
}

const PROCESSES = [
  'processBackchannelAuthenticationResponse',
  'processBackchannelAuthenticationGrantResponse',
  'processUserInfoResponse',
] as const

/** RFC 9110 §11.6.1: what a server may say in `WWW-Authenticate`, and what a caller is told about it. */
export const challenge: Topic = topic<Input>({
  name: 'WWW-Authenticate challenge',
  needs: [...PROCESSES, 'WWWAuthenticateChallengeError'],
  weight: 10,
  input: fc.record({
    challenges: mostlyFrom(
      wwwAuthenticate.map((one) => [one]),
      fc.array(wwwAuthenticate, { maxLength: 3 }),
      4,
    ),
    status: mostly(401, anyStatus, 4),
    body: mostly('', pick('{}', '{"error":"invalid_token"}', 'text'), 3),
    process: pick(...PROCESSES),
  }),
  stage: (input) => async (scene) => {
    const { library } = scene
    const headers = new Headers({ 'content-type': 'application/json' })
    for (const one of input.challenges) headers.append('www-authenticate', one)
    const empty = [204, 205, 304].includes(input.status)
    const response = scene.name(
      new Response(empty ? null : input.body, { status: input.status, headers }),
      'the response',
    )
    await scene.call<unknown>(input.process, () => process(input.process, library, response))
    scene.note('body used', response.bodyUsed)
  },
})

function process(name: Input['process'], library: Library, response: Response): Promise<unknown> {
  const as = { issuer: 'https://as.example' }
  const client = { client_id: 'client' }
  return name === 'processUserInfoResponse'
    ? library.processUserInfoResponse(as, client, 'someone', response)
    : library[name](as, client, response)
}
