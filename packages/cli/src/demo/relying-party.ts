import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Client, type ClientAuth, generateKeyPair, PrivateKeyJwt } from 'countersign'
import { KEY_PARAMETERS, type SigningAlgorithm } from '../key-parameters.ts'
import { type Phone, startProvider } from '../provider/index.ts'
import { DemoFailure } from './failures.ts'
import type { DemoOptions } from './options.ts'

/** Who signs the person in, where, and how it proves to be that client. */
export interface RelyingParty {
  readonly issuer: URL
  readonly client: Client
  /** Made when it is first needed: a provider that cannot even be found needs no key. */
  authentication(): Promise<ClientAuth>
  /** The person's phone, where it is ours to press the buttons. */
  readonly phone: Phone | undefined
  close(): Promise<void>
}

const CLIENT_ID = 'countersign-demo'
/** CIBA Core §7.3 defaults to 5, which would make the demo wait; a provider may name another. */
const INTERVAL = 2

/** Starts a provider and registers a client that authenticates with a key made for this run (private_key_jwt). */
export async function embedded(): Promise<RelyingParty> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await webcrypto.subtle.exportKey('jwk', publicKey)
  const kid = 'demo-1'
  const provider = await startProvider({
    interval: INTERVAL,
    clients: [
      {
        client_id: CLIENT_ID,
        client_name: 'Example Shop',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
      },
    ],
  })
  return {
    issuer: new URL(provider.issuer),
    client: { client_id: CLIENT_ID, id_token_signed_response_alg: 'ES256' },
    authentication: () => Promise.resolve(PrivateKeyJwt({ key: privateKey, kid })),
    phone: provider.phone,
    close: () => provider.close(),
  }
}

/** The client that some other provider knows, from the options. */
export function elsewhere(issuer: URL, options: DemoOptions): RelyingParty {
  return {
    issuer,
    client: { client_id: options.clientId ?? CLIENT_ID },
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
