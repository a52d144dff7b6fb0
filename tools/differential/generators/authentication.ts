import type fc from 'fast-check'
import type { ClientAuth } from 'oauth4webapi'
import type { Scene } from '../harness/scene.ts'
import { type ClientKey, clientKey } from './client-keys.ts'
import { garbage, wrong } from './garbage.ts'
import { mostlyFrom, pick } from './mostly.ts'

/** How a request says who the client is: the methods, and functions of the caller's own. */
export type AuthenticationInput = (typeof METHODS)[number] | { readonly garbage: unknown }

const METHODS = [
  'None',
  'ClientSecretBasic',
  'ClientSecretPost',
  'ClientSecretJwt',
  'PrivateKeyJwt',
  'TlsClientAuth',
  'own',
  'own asynchronous',
  'throwing',
  'rejecting',
] as const

export const authentication: fc.Arbitrary<AuthenticationInput> = mostlyFrom<AuthenticationInput, AuthenticationInput>(
  pick(...METHODS),
  garbage.map((value) => ({ garbage: value })),
  30,
)

export const SECRET = 'a secret of the client'

/** The method, made by the library itself. */
export function makeAuthentication(input: AuthenticationInput, { library, name }: Scene, key: ClientKey): ClientAuth {
  switch (input) {
    case 'None':
      return library.None()
    case 'TlsClientAuth':
      return library.TlsClientAuth()
    case 'ClientSecretBasic':
      return library.ClientSecretBasic(SECRET)
    case 'ClientSecretPost':
      return library.ClientSecretPost(SECRET)
    case 'ClientSecretJwt':
      return library.ClientSecretJwt(SECRET)
    case 'PrivateKeyJwt':
      return library.PrivateKeyJwt({ key: key.privateKey, kid: 'key of the client' })
    case 'own':
      return (as, client, body, headers) => {
        body.set('own', `${as.issuer} ${client.client_id}`)
        body.delete('scope')
        headers.set('x-method', 'own')
        headers.delete('accept')
      }
    case 'own asynchronous':
      return async (_as, _client, body) => {
        await Promise.resolve()
        body.append('own', 'later')
      }
    case 'throwing':
      return () => {
        throw name(new Error('thrown'), 'the failure of the method')
      }
    case 'rejecting':
      return () => Promise.reject(name(new Error('rejected'), 'the failure of the method'))
    default:
      return wrong(input.garbage)
  }
}

export const keyOfTheMethods: () => Promise<ClientKey> = () => clientKey('ES256')
