import type * as oauth4webapi from 'oauth4webapi'
import { as, json } from '../../packages/countersign/src/testing/answers.ts'
import {
  accessToken,
  accessTokenClaims,
  AUDIENCE,
  request,
} from '../../packages/countersign/src/testing/resource-server.ts'
import { signingKey } from '../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../packages/countersign/src/values/time.ts'
import type { Cost } from './figures.ts'
import { heapUsed, timeOfOne } from './measure.ts'

type Library = typeof oauth4webapi

/** Tokens under the keys of one set; more take too long to make. */
const MOST_TOKENS = 1000

/** Bytes that a set of keys may have here: the bound that libraries have by themselves is not what is measured. */
const MAXIMUM_BODY = 64 * 1024 * 1024

/** Validations under a set of keys that is fetched anew, so that nothing is compiled or loaded later on. */
const FIRST_RUNS = 20

interface Presented {
  readonly server: oauth4webapi.AuthorizationServer
  readonly request: Request
}

/** Validates ES256 access tokens of many issuers, in turn, each of which has a key of its own. */
export async function issuers(api: Library, size: number): Promise<Cost> {
  const sets = new Map<string, string>()
  const presented = Array.from({ length: size }, (_, index): Presented => {
    const issuer = `https://op-${index}.example.com`
    const key = signingKey('ES256', `key-${index}`)
    sets.set(`${issuer}/jwks`, JSON.stringify({ keys: [key.jwk] }))
    const token = accessToken({ iss: issuer, exp: epochSeconds() + 3600 }, {}, key)
    return { server: { ...as, issuer, jwks_uri: `${issuer}/jwks` }, request: request(`Bearer ${token}`) }
  })
  return await costOf(api, presented, size, (url) => String(sets.get(url)))
}

/** Validates ES256 access tokens of one issuer, under keys from all over its set. */
export async function keys(api: Library, size: number): Promise<Cost> {
  const all = Array.from({ length: size }, (_, index) => signingKey('ES256', `key-${index}`))
  const set = JSON.stringify({ keys: all.map(({ jwk }) => jwk) })
  const step = Math.max(1, size / MOST_TOKENS)
  const claims = accessTokenClaims({ exp: epochSeconds() + 3600 })
  const server = { ...as }
  const used = all.filter((_, index) => index % step === 0)
  const presented = used.map((key): Presented => ({
    server,
    request: request(`Bearer ${accessToken(claims, {}, key)}`),
  }))
  return await costOf(api, presented, size, () => set)
}

async function costOf(
  api: Library,
  presented: readonly Presented[],
  size: number,
  keysAt: (url: string) => string,
): Promise<Cost> {
  const maxBodySize: unknown = Reflect.get(api, 'maxBodySize')
  const options = {
    [api.customFetch]: (url: string) => Promise.resolve(json(JSON.parse(keysAt(url)))),
    ...(typeof maxBodySize === 'symbol' && { [maxBodySize]: MAXIMUM_BODY }),
  }
  const validate = ({ server, request: incoming }: Presented) =>
    api.validateJwtAccessToken(server, incoming, AUDIENCE, options)
  // what the first issuer brings with it is no part of the others
  const [first] = presented
  if (first !== undefined)
    for (let run = 0; run < FIRST_RUNS; run++) await validate({ ...first, server: { ...first.server } })
  const before = await heapUsed()
  // all keys are fetched and imported before the time is taken, as in a server that has run for a while
  for (const one of presented) await validate(one)
  const heap = ((await heapUsed()) - before) / size
  let next = 0
  const time = await timeOfOne(async () => {
    const one = presented[next++ % presented.length]
    if (one !== undefined) await validate(one)
  })
  return { time, heap }
}
