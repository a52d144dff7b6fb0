import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type ClientAuth, PrivateKeyJwt } from 'countersign'
import { KEY_PARAMETERS, type SigningAlgorithm } from '../key-parameters.ts'
import { DemoFailure } from './failures.ts'
import type { DemoOptions } from './options.ts'
import { CLIENT_ID, type RelyingParty, usualParameters } from './relying-party.ts'

/** The client that some other provider knows, from the options. */
export function elsewhere(issuer: URL, options: DemoOptions): RelyingParty {
  return {
    parameters: usualParameters,
    issuer,
    client: { client_id: options.clientId ?? CLIENT_ID },
    delivery: { mode: 'poll' },
    authentication: () => keyFrom(options.clientKey),
    phone: undefined,
    close: () => Promise.resolve(),
  }
}

async function keyFrom(file: string | undefined): Promise<ClientAuth> {
  if (file === undefined) {
    throw new DemoFailure('this provider must know the client: name it with --client-id and --client-key', {
      exitCode: 2,
    })
  }
  try {
    const jwk: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isPrivateJwk(jwk)) {
      throw new TypeError('it is no private JWK with an asymmetric "alg"')
    }
    const key = await webcrypto.subtle.importKey('jwk', jwk, KEY_PARAMETERS[jwk.alg], false, ['sign'])
    return PrivateKeyJwt(jwk.kid === undefined ? key : { key, kid: jwk.kid })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DemoFailure(`--client-key ${file} cannot be used: ${reason}`, { cause: error, exitCode: 2 })
  }
}

interface PrivateJwk extends webcrypto.JsonWebKey {
  readonly alg: SigningAlgorithm
  readonly kid?: string
}

function isPrivateJwk(jwk: unknown): jwk is PrivateJwk {
  return (
    typeof jwk === 'object' &&
    jwk !== null &&
    'd' in jwk &&
    'alg' in jwk &&
    typeof jwk.alg === 'string' &&
    Object.hasOwn(KEY_PARAMETERS, jwk.alg) &&
    (!('kid' in jwk) || typeof jwk.kid === 'string')
  )
}
