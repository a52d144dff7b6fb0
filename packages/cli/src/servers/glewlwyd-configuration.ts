// What glewlwyd reads when it starts, and what its OpenID Connect plugin is told.
import { generateKeyPairSync } from 'node:crypto'

/** Files for TLS, where the server is to have it. */
export interface TlsFiles {
  readonly key: string
  readonly cert: string
  /** Who issues the certificates of clients. */
  readonly ca: string
}

/** The file that is given as `--config-file`. */
export function configurationFile(base: string, port: string, database: string, tls?: TlsFiles): string {
  const settings: Record<string, string | number | boolean> = {
    port: Number(port),
    bind_address: '127.0.0.1',
    // Debian's default ends in a slash, and discovery gives that slash twice
    external_url: base,
    login_url: 'login.html',
    api_prefix: 'api',
    cookie_secure: 0,
    hash_algorithm: 'SHA512',
    log_mode: 'console',
    log_level: 'WARNING',
    user_module_path: '/usr/lib/glewlwyd/user',
    client_module_path: '/usr/lib/glewlwyd/client',
    user_auth_scheme_module_path: '/usr/lib/glewlwyd/scheme',
    plugin_module_path: '/usr/lib/glewlwyd/plugin',
    ...(tls && {
      use_secure_connection: true,
      secure_connection_key_file: tls.key,
      secure_connection_pem_file: tls.cert,
      secure_connection_ca_file: tls.ca,
    }),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return [...lines, `database={ type="sqlite3"; path=${JSON.stringify(database)}; };`, ''].join('\n')
}

/** Everything on that the tests use; signs with RS256. */
export function pluginParameters(issuer: string, scope: string): Record<string, unknown> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    iss: issuer,
    'jwt-type': 'rsa',
    'jwt-key-size': '256',
    key: privateKey,
    cert: publicKey,
    'jwks-show': true,
    'access-token-duration': 600,
    'refresh-token-duration': 600,
    'code-duration': 600,
    'refresh-token-rolling': false,
    'refresh-token-one-use': 'never',
    'allow-non-oidc': true,
    'auth-type-code-enabled': true,
    'auth-type-token-enabled': false,
    'auth-type-id-token-enabled': true,
    'auth-type-none-enabled': false,
    'auth-type-password-enabled': false,
    'auth-type-client-enabled': true,
    'auth-type-device-enabled': true,
    'auth-type-refresh-enabled': true,
    'device-authorization-expiration': 600,
    'device-authorization-interval': 1,
    'pkce-allowed': true,
    'pkce-method-plain-allowed': false,
    'introspection-revocation-allowed': true,
    'introspection-revocation-allow-target-client': true,
    'introspection-revocation-auth-scope': [],
    'register-client-allowed': true,
    'register-client-auth-scope': [],
    'register-client-credentials-scope': [],
    'register-client-management-allowed': false,
    'session-management-allowed': true,
    'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
    'session-cookie-expiration': 600,
    'back-channel-logout-allowed': true,
    'request-parameter-allow': true,
    'request-parameter-ietf-strict': false,
    'request-maximum-exp': 3600,
    'client-jwks-parameter': 'jwks',
    'client-jwks_uri-parameter': 'jwks_uri',
    'oauth-dpop-allowed': true,
    'oauth-dpop-iat-duration': 600,
    'oauth-dpop-nonce-mandatory': false,
    'oauth-par-allowed': true,
    'oauth-par-required': false,
    'oauth-par-request_uri-prefix': 'urn:ietf:params:oauth:request_uri:',
    'oauth-par-duration': 90,
    'oauth-as-iss-id': true,
    'oauth-fapi-allow-jarm': true,
    'oauth-ciba-allowed': true,
    'oauth-ciba-mode-poll-allowed': true,
    'oauth-ciba-mode-ping-allowed': true,
    'oauth-ciba-mode-push-allowed': true,
    'oauth-ciba-allow-https-non-secure': true,
    'oauth-ciba-user-code-allowed': false,
    'oauth-ciba-email-allowed': false,
    'oauth-ciba-default-expiry': 600,
    'oauth-ciba-maximum-expiry': 1200,
    'name-claim': 'on-demand',
    'email-claim': 'on-demand',
    'name-claim-scope': [scope],
    'email-claim-scope': [scope],
  }
}
