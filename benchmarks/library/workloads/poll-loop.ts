import type * as countersign from 'countersign'
import { as, client, json, tokenBody } from '../../../packages/countersign/src/testing/answers.ts'
import { type Contender, type Match, matchOf } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import type { Library } from '../libraries.ts'

/** Answers before the tokens. */
const PENDING = 10

/** What a server answers, one after the other. */
type Answers = readonly Response[]

function answers(last: () => Response): Answers {
  return [...Array.from({ length: PENDING }, () => json({ error: 'authorization_pending' }, 400)), last()]
}

const approved = () => answers(() => json(tokenBody()))

/** A whole transaction in poll mode without network, and on a clock that does not wait: all that polling itself costs. */
export function pollLoop(libraries: readonly Library[]): Match {
  return matchOf<Answers>({
    atOnce: [1],
    inputs: (count) => Array.from({ length: count }, approved),
    contenders: libraries.map((library) => (library.own === undefined ? loop(library) : polling(library, library.own))),
    prove: (contender) =>
      proveValidation(contender, {
        good: approved,
        expected: 'anna',
        bad: new Map([
          ['a refusal', () => answers(() => json({ error: 'access_denied' }, 400))],
          ['no tokens', () => answers(() => json({}))],
        ]),
        floorRefuses: [],
      }),
  })
}

function oneByOne(all: Answers): () => Promise<Response> {
  let next = 0
  return () => {
    const answer = all[next++]
    return answer === undefined ? Promise.reject(new Error('no further answer')) : Promise.resolve(answer)
  }
}

function polling({ name, settings }: Library, api: typeof countersign): Contender<Answers> {
  const party = { ...client, ...settings }
  const clientAuthentication = api.None()
  return {
    name,
    async act(all) {
      let now = 0
      const clock: countersign.Clock = {
        now: () => now,
        async sleep(milliseconds, signal) {
          // with a signal, it bounds a request that is under way; and every answer comes in time
          if (signal !== undefined) {
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
            return
          }
          now += milliseconds
        },
      }
      const transaction = api.cibaTransaction({ auth_req_id: 'a', expires_in: 300, interval: 5 }, 0)
      const options = { clientAuthentication, clock, [api.customFetch]: oneByOne(all) }
      const { tokens } = await api.poll(as, party, transaction, options)
      return api.getValidatedIdTokenClaims(tokens)?.sub
    },
  }
}

/** The loop that a program without `poll` writes; it knows no faults, no slow_down, no end and no signal. */
function loop({ api, name }: Library): Contender<Answers> {
  const clientAuthentication = api.None()
  return {
    name,
    async act(all) {
      const options = { [api.customFetch]: oneByOne(all) }
      for (;;) {
        await Promise.resolve()
        const response = await api.backchannelAuthenticationGrantRequest(as, client, clientAuthentication, 'a', options)
        try {
          const tokens = await api.processBackchannelAuthenticationGrantResponse(as, client, response)
          return api.getValidatedIdTokenClaims(tokens)?.sub
        } catch (error) {
          if (!(error instanceof api.ResponseBodyError) || error.error !== 'authorization_pending') throw error
        }
      }
    },
  }
}
