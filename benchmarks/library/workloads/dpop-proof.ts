import { createHash } from 'node:crypto'
import * as openidClient from 'openid-client'
import { as, client } from '../../../packages/countersign/src/testing/answers.ts'
import { cryptoKeys, signingKey } from '../../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import { type Contender, type Match, matchOf } from '../../measuring/contest.ts'
import { proveSigning, signingFloors } from '../floors.ts'
import { open } from '../jwt.ts'
import type { Library } from '../libraries.ts'

const RESOURCE = new URL('https://api.example.com/accounts?page=2')
const ACCESS_TOKEN = 'G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN'
const ANSWER = new Response()

/** A request to a protected resource with a DPoP proof (RFC 9449, section 7.1), sent to nobody. */
export async function dpopProof(libraries: readonly Library[]): Promise<Match> {
  const key = signingKey('ES256')
  const pair = await cryptoKeys(key)

  function requesting({ api, name, settings }: Library): Contender<unknown> {
    let sent: unknown
    const DPoP = api.DPoP({}, pair, settings)
    const options = {
      DPoP,
      [api.customFetch](_: string, { headers }: { headers: Record<string, string> }) {
        sent = headers.dpop
        return Promise.resolve(ANSWER)
      },
    }
    return {
      name,
      async act() {
        await api.protectedResourceRequest(ACCESS_TOKEN, 'GET', RESOURCE, undefined, null, options)
        return sent
      },
    }
  }

  function openidClientRequesting(): Contender<unknown> {
    let sent: unknown
    const configuration = new openidClient.Configuration(as, client.client_id)
    configuration[openidClient.customFetch] = (_, { headers }) => {
      sent = headers.dpop
      return Promise.resolve(ANSWER)
    }
    const DPoP = openidClient.getDPoPHandle(configuration, pair)
    return {
      name: 'openid-client',
      async act() {
        await openidClient.fetchProtectedResource(configuration, ACCESS_TOKEN, RESOURCE, 'GET', undefined, undefined, {
          DPoP,
        })
        return sent
      },
    }
  }

  return matchOf<unknown>({
    atOnce: [1],
    inputs: (count) => new Array<unknown>(count).fill(undefined),
    contenders: [...libraries.map(requesting), openidClientRequesting(), ...(await signingFloors('ES256', key))],
    async prove(contender) {
      const { name, act, floor } = contender
      if (floor) {
        await proveSigning(contender, 'ES256', key)
        return
      }
      const [one, other] = [open(await act(undefined), 'ES256', key), open(await act(undefined), 'ES256', key)]
      const { claims, header } = one
      const right =
        header.typ === 'dpop+jwt' &&
        header.alg === 'ES256' &&
        JSON.stringify(header.jwk).includes(String(key.jwk.x)) &&
        claims.htm === 'GET' &&
        claims.htu === 'https://api.example.com/accounts' &&
        Math.abs(Number(claims.iat) - epochSeconds()) < 10 &&
        claims.ath === createHash('sha256').update(ACCESS_TOKEN).digest('base64url') &&
        typeof claims.jti === 'string' &&
        claims.jti !== other.claims.jti
      if (!right) throw new Error(`${name} makes no DPoP proof`)
    },
  })
}
