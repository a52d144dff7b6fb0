import { createHash, hash, randomBytes } from 'node:crypto'
import * as openidClient from 'openid-client'
import { type Match, matchOf, takingFrom } from '../../measuring/contest.ts'
import type { Library } from '../libraries.ts'

/** The challenge of a code verifier, `S256` (RFC 7636, section 4.2). */
export function pkceChallenge(libraries: readonly Library[]): Match {
  return matchOf<string>({
    atOnce: [1],
    inputs: takingFrom(Array.from({ length: 1024 }, () => randomBytes(32).toString('base64url'))),
    contenders: [
      ...libraries.map(({ api, name }) => ({
        name,
        act: (verifier: string) => api.calculatePKCECodeChallenge(verifier),
      })),
      { name: 'openid-client', act: (verifier) => openidClient.calculatePKCECodeChallenge(verifier) },
      { name: 'crypto.hash alone', floor: true, act: (verifier) => hash('sha256', verifier, 'base64url') },
    ],
    async prove({ name, act }) {
      for (const length of [32, 48, 72, 96]) {
        const verifier = randomBytes(length).toString('base64url')
        const challenge = createHash('sha256').update(verifier).digest('base64url')
        if ((await act(verifier)) !== challenge) throw new Error(`${name} makes another challenge`)
      }
    },
  })
}
