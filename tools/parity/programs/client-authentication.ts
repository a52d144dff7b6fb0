import * as oauth from 'countersign'

/** A client, and each way in which it can say who it is. */
export const client: oauth.Client = {
  client_id: 'client',
  id_token_signed_response_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
  require_auth_time: true,
  userinfo_signed_response_alg: 'ES256',
  introspection_signed_response_alg: 'ES256',
  default_max_age: 3600,
  use_mtls_endpoint_aliases: true,
  'a member of its own': { nested: ['text', 1, null] },
  [oauth.clockSkew]: -5,
  [oauth.clockTolerance]: 10,
}

const rename: oauth.ModifyAssertionFunction = (header, payload) => {
  if (header.alg === 'Ed25519') header.alg = 'EdDSA'
  payload.aud = ['https://as.example']
  delete payload.nbf
}

const options: oauth.ModifyAssertionOptions = { [oauth.modifyAssertion]: rename }

export async function methods(): Promise<oauth.ClientAuth[]> {
  const pair: oauth.CryptoKeyPair = await oauth.generateKeyPair('ES256', { extractable: true })
  const key: oauth.CryptoKey = pair.privateKey
  const named: oauth.PrivateKey = { key, kid: 'key of the client' }
  return [
    oauth.ClientSecretBasic('secret'),
    oauth.ClientSecretPost('secret'),
    oauth.ClientSecretJwt('secret'),
    oauth.ClientSecretJwt('secret', options),
    oauth.PrivateKeyJwt(key),
    oauth.PrivateKeyJwt(named),
    oauth.PrivateKeyJwt(named, { [oauth.modifyAssertion]: (header) => void (header.typ = 'JWT') }),
    oauth.None(),
    oauth.TlsClientAuth(),
  ]
}

/** A method of one's own: the type is an ordinary function, synchronous or not. */
export const ownMethod: oauth.ClientAuth = (as, { client_id }, body, headers) => {
  body.set('client_id', client_id)
  headers.set('x-issuer', as.issuer)
}

export const ownAsynchronousMethod: oauth.ClientAuth = async (_as, _client, body) => {
  body.set('client_assertion', await Promise.resolve('assertion'))
}

export async function apply(as: oauth.AuthorizationServer, method: oauth.ClientAuth): Promise<string> {
  const body = new URLSearchParams()
  await method(as, client, body, new Headers())
  return body.toString()
}
