// What LemonLDAP::NG reads when it starts: where its configuration is, and the configuration.
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import type { JsonObject } from 'countersign'

/** The folders that it writes into, all of them inside the one that is given. */
export function foldersIn(folder: string) {
  return {
    configuration: join(folder, 'configuration'),
    cache: join(folder, 'cache'),
    sessions: join(folder, 'sessions'),
    locks: join(folder, 'locks'),
  }
}

type Folders = ReturnType<typeof foldersIn>

/** The file that LLNG_DEFAULTCONFFILE names. */
export function settingsFile({ configuration }: Folders): string {
  return `[all]
logLevel = warn
[configuration]
type = File
dirName = ${configuration}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
`
}

/** A client in LemonLDAP::NG's words. */
export interface LemonldapClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly options?: Readonly<Record<string, string | number>>
}

/** The configuration: its own demonstration accounts, and every OpenID Connect flow that it has. Signs with RS256. */
export function configuration(
  portal: string,
  folders: Folders,
  clients: readonly LemonldapClient[],
  redirectUri: string,
): JsonObject {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const storage = { Directory: folders.sessions, LockDirectory: folders.locks }
  return {
    cfgNum: 1,
    cfgVersion: '2.16.1',
    cfgAuthor: 'the tests',
    cfgDate: 1,
    portal,
    domain: new URL(portal).hostname,
    securedCookie: 0,
    cookieName: 'lemonldap',
    key: 'a-key-of-the-tests',
    authentication: 'Demo',
    userDB: 'Same',
    passwordDB: 'Demo',
    demoExportedVars: { cn: 'cn', mail: 'mail', uid: 'uid' },
    whatToTrace: '_whatToTrace',
    macros: { _whatToTrace: '$_user' },
    locationRules: { [new URL(portal).hostname]: { default: 'accept' } },
    globalStorage: 'Apache::Session::File',
    globalStorageOptions: storage,
    persistentStorage: 'Apache::Session::File',
    persistentStorageOptions: storage,
    localSessionStorage: 'Cache::FileCache',
    localSessionStorageOptions: { cache_root: folders.cache, namespace: 'sessions', default_expires_in: 600 },
    issuerDBOpenIDConnectActivation: 1,
    oidcServicePrivateKeySig: privateKey,
    oidcServicePublicKeySig: publicKey,
    oidcServiceKeyIdSig: 'key-of-the-tests',
    oidcServiceAllowDynamicRegistration: 1,
    // it sends mail, by Perl modules that the tests do without
    portalDisplayRegister: 0,
    registerDB: 'Null',
    oidcRPMetaDataOptions: Object.fromEntries(
      clients.map(({ clientId, clientSecret, options }) => [
        clientId,
        {
          oidcRPMetaDataOptionsClientID: clientId,
          oidcRPMetaDataOptionsClientSecret: clientSecret,
          oidcRPMetaDataOptionsRedirectUris: redirectUri,
          oidcRPMetaDataOptionsIDTokenSignAlg: 'RS256',
          oidcRPMetaDataOptionsRefreshToken: 1,
          oidcRPMetaDataOptionsAllowClientCredentialsGrant: 1,
          oidcRPMetaDataOptionsBypassConsent: 1,
          // without it no code_verifier is looked at
          oidcRPMetaDataOptionsRequirePKCE: 1,
          ...options,
        },
      ]),
    ),
    oidcRPMetaDataExportedVars: Object.fromEntries(
      clients.map(({ clientId }) => [clientId, { name: 'cn', email: 'mail' }]),
    ),
  }
}
