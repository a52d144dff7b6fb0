import { as, json } from '../../../packages/countersign/src/testing/answers.ts'
import {
  AUTH_REQ_ID,
  callback,
  client,
  findTransaction,
  ping,
  push,
  pushBody,
  pushClaims,
  serverKey,
} from '../../../packages/countersign/src/testing/callbacks.ts'
import { signedJwt } from '../../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import { type Contender, type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import { proveValidation } from '../../measuring/prove.ts'
import { forged } from '../keys.ts'
import type { Library } from '../libraries.ts'

/** Only reads the body, as everybody must. */
const READING: Contender<Request> = {
  name: 'Request.json alone',
  floor: true,
  act: async (request) => Boolean(await request.json()),
}

const FAULTS: readonly [string, () => Request][] = [
  ['another token', () => callback(JSON.stringify(pushBody()), { authorization: 'Bearer another' })],
  ['a callback that is no JSON', () => callback('auth_req_id')],
  ['a callback about nothing', () => callback('{}')],
]

/** The notification of ping mode, which only this library validates (CIBA Core 1.0, section 10.2). */
export function pingCallback(libraries: readonly Library[]): Match {
  const validating = ({ own, name }: Library): Contender<Request>[] =>
    own === undefined ? [] : [{ name, act: (request) => own.validatePingCallback(request, { findTransaction }) }]
  return matchOf<Request>({
    atOnce: [1],
    inputs: (count) => Array.from({ length: count }, () => ping()),
    contenders: [...libraries.flatMap(validating), READING],
    prove: (contender) =>
      proveValidation(contender, {
        good: () => ping(),
        expected: { auth_req_id: AUTH_REQ_ID },
        bad: new Map([...FAULTS, ['a ping about another transaction', () => ping({ auth_req_id: 'another' })]]),
        floorRefuses: [],
      }),
  })
}

/** The tokens of push mode, whose ES256 ID Token signs all of it (CIBA Core 1.0, section 10.3.1). */
export function pushCallback(libraries: readonly Library[]): Match {
  const validating = ({ own, name, settings }: Library): Contender<Request>[] => {
    if (own === undefined) return []
    const server = { ...as }
    const party = { ...client, ...settings }
    const options = {
      ...settings,
      findTransaction,
      [own.customFetch]: () => Promise.resolve(json({ keys: [serverKey.jwk] })),
    }
    const act = async (request: Request) => {
      const { status, auth_req_id } = await own.validatePushCallback(server, party, request, options)
      return { status, auth_req_id }
    }
    return [{ name, act }]
  }
  const taking = takingFrom(
    Array.from({ length: 256 }, (_, index) => JSON.stringify(pushBody({}, { jti: `${index}` }))),
  )
  return matchOf<Request>({
    atOnce: [1],
    inputs: (count, contender) => taking(count, contender).map((body) => callback(body)),
    contenders: [...libraries.flatMap(validating), READING],
    prove: (contender) =>
      proveValidation(contender, {
        good: () => push(),
        expected: { status: 'approved', auth_req_id: AUTH_REQ_ID },
        bad: new Map([
          ...FAULTS,
          ['a forged ID Token', () => push({ id_token: forged(signedJwt(serverKey, pushClaims())) })],
          ['another access token', () => push({ access_token: 'another' })],
          ['an ID Token for another client', () => push({}, { aud: 'another' })],
          ['an expired ID Token', () => push({}, { exp: epochSeconds() - 120 })],
        ]),
        floorRefuses: [],
      }),
  })
}
