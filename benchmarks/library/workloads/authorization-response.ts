import { as as server, client } from '../../../packages/countersign/src/testing/answers.ts'
import { type Contender, type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import type { Library } from '../libraries.ts'

const as = { ...server, authorization_response_iss_parameter_supported: true }

/** What comes back with the person. */
interface Returned {
  readonly parameters: URLSearchParams
  readonly state: string
}

function returned(index: number, changes: Record<string, string> = {}): Returned {
  const state = `a-state-of-43-characters-and-with-a-number-${index}`
  const parameters = new URLSearchParams({ code: `code-${index}`, state, iss: as.issuer, ...changes })
  return { parameters, state }
}

/** The response of the authorization endpoint, with `iss` (RFC 6749, section 4.1.2; RFC 9207). */
export function authorizationResponse(libraries: readonly Library[]): Match {
  return matchOf<Returned>({
    atOnce: [1],
    inputs: takingFrom(Array.from({ length: 256 }, (_, index) => returned(index))),
    contenders: libraries.map(validating),
    prove: (contender) =>
      proveValidation(contender, {
        good: () => returned(1),
        expected: 'code-1',
        bad: new Map([
          ['another state', () => returned(1, { state: 'another' })],
          ['another issuer', () => returned(1, { iss: 'https://other.example.com' })],
          ['an error', () => returned(1, { error: 'access_denied' })],
        ]),
        floorRefuses: [],
      }),
  })
}

function validating({ api, name, settings }: Library): Contender<Returned> {
  const party = { ...client, ...settings }
  return { name, act: ({ parameters, state }) => api.validateAuthResponse(as, party, parameters, state).get('code') }
}
