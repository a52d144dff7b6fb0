import { as, client, json, tokenBody } from '../../../packages/countersign/src/testing/answers.ts'
import { type Contender, type Match, matchOf } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import type { Library } from '../libraries.ts'

const pending = () => json({ error: 'authorization_pending', error_description: 'not yet' }, 400)

/** The token endpoint's answer while the person has not answered (CIBA Core 1.0, section 11), which is thrown. */
export function pendingPoll(libraries: readonly Library[]): Match {
  return matchOf<Response>({
    atOnce: [1],
    inputs: (count) => Array.from({ length: count }, pending),
    contenders: libraries.map(processing),
    prove: (contender) =>
      proveValidation(contender, {
        good: pending,
        expected: { error: 'authorization_pending', error_description: 'not yet', status: 400 },
        bad: new Map([
          ['tokens', () => json(tokenBody())],
          ['an error that is no text', () => json({ error: 1 }, 400)],
          ['an answer that is no JSON', () => new Response('pending', { status: 400 })],
          ['a failure of the server', () => json({ error: 'authorization_pending' }, 500)],
        ]),
        floorRefuses: [],
      }),
  })
}

function processing({ api, name, settings }: Library): Contender<Response> {
  const party = { ...client, ...settings }
  return {
    name,
    async act(response) {
      try {
        await api.processBackchannelAuthenticationGrantResponse(as, party, response)
        return false
      } catch (failure) {
        if (!(failure instanceof api.ResponseBodyError)) throw failure
        const { error, error_description, status } = failure
        return { error, error_description, status }
      }
    },
  }
}
