import { randomUUID } from 'node:crypto'
import { createSigner } from 'fast-jwt'
import { SignJWT } from 'jose'
import * as openidClient from 'openid-client'
import { as, client } from '../../../packages/countersign/src/testing/answers.ts'
import { cryptoKeys, signingKey } from '../../../packages/countersign/src/testing/signed.ts'
import { epochSeconds } from '../../../packages/countersign/src/values/time.ts'
import { type Contender, type Match, matchOf } from '../../measuring/contest.ts'
import { proveSigning, signingFloors } from '../floors.ts'
import { open } from '../jwt.ts'
import type { Algorithm } from '../keys.ts'
import type { Library } from '../libraries.ts'

/** The same algorithm under its newer name (RFC 9864). */
const OTHER_NAMES: Partial<Record<Algorithm, string>> = { EdDSA: 'Ed25519' }

/** A JWT that authenticates the client, `private_key_jwt` (RFC 7523, section 3). */
export async function clientAssertion(libraries: readonly Library[], alg: Algorithm): Promise<Match> {
  const key = signingKey(alg, 'client')
  const { privateKey } = await cryptoKeys(key)
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const signing = createSigner({
    key: pem,
    algorithm: alg,
    kid: 'client',
    iss: client.client_id,
    sub: client.client_id,
  })

  function authenticating(name: string, method: Method): Contender<unknown> {
    return {
      name,
      async act() {
        const body = new URLSearchParams()
        await method(as, client, body, new Headers())
        return body.get('client_assertion')
      },
    }
  }

  const contenders: Contender<unknown>[] = [
    ...libraries.map(({ api, name, settings }) =>
      authenticating(name, api.PrivateKeyJwt({ key: privateKey, kid: 'client' }, settings)),
    ),
    authenticating('openid-client', openidClient.PrivateKeyJwt({ key: privateKey, kid: 'client' })),
    {
      name: 'jose',
      act: () =>
        new SignJWT()
          .setProtectedHeader({ alg, kid: 'client' })
          .setJti(randomUUID())
          .setAudience(as.issuer)
          .setIssuer(client.client_id)
          .setSubject(client.client_id)
          .setIssuedAt()
          .setExpirationTime('60s')
          .sign(privateKey),
    },
    {
      name: 'fast-jwt',
      act: (): unknown => signing({ jti: randomUUID(), aud: as.issuer, exp: epochSeconds() + 60 }),
    },
    ...(await signingFloors(alg, key)),
  ]
  return matchOf<unknown>({
    atOnce: [1],
    inputs: (count) => new Array<unknown>(count).fill(undefined),
    contenders,
    async prove(contender) {
      const { name, act, floor } = contender
      if (floor) {
        await proveSigning(contender, alg, key)
        return
      }
      const [one, other] = [open(await act(undefined), alg, key), open(await act(undefined), alg, key)]
      const { claims, header } = one
      const right =
        (header.alg === alg || header.alg === OTHER_NAMES[alg]) &&
        header.kid === 'client' &&
        [claims.aud].flat().includes(as.issuer) &&
        claims.iss === client.client_id &&
        claims.sub === client.client_id &&
        Number(claims.exp) > epochSeconds() &&
        typeof claims.jti === 'string' &&
        claims.jti !== other.claims.jti
      if (!right) throw new Error(`${name} makes no client assertion`)
    },
  })
}

type Method = (
  as: { issuer: string },
  client: { client_id: string },
  body: URLSearchParams,
  headers: Headers,
) => unknown
