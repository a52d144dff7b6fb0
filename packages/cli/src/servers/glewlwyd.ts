// glewlwyd as Debian packages it: an OpenID Provider in C with every delivery mode of CIBA. It is started empty, and told
// by its own API what it needs.
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { JsonValue } from 'countersign'
import type { Identity } from '../tls/certificates.ts'
import { fetchTrusting } from '../tls/fetch-trusting.ts'
import { configurationFile, pluginParameters } from './glewlwyd-configuration.ts'
import { assertInstalled, type PackagedServer } from './packaged.ts'
import { startProgram } from './program.ts'
import { createSession, type Fetch, type Session } from './session.ts'

const PROGRAM = '/usr/bin/glewlwyd'
const SQLITE = '/usr/bin/sqlite3'
const TABLES = '/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz'

export const GLEWLWYD: PackagedServer = {
  name: 'glewlwyd',
  files: [PROGRAM, SQLITE, TABLES],
  packages: ['glewlwyd', 'sqlite3'],
}

/** The one person that this server knows. */
export const PERSON = { username: 'anna', name: 'Anna Example', email: 'anna@example.com' }

/** Names that person: glewlwyd wants JSON. */
export const LOGIN_HINT = JSON.stringify({ username: PERSON.username })

/** The one scope beside `openid`; with it come `name` and `email`. */
export const SCOPE = 'profile'

/** A client in glewlwyd's words, which are mostly those of RFC 7591. */
export interface GlewlwydClient {
  readonly client_id: string
  readonly client_secret?: string
  /** All that the client may use; `private_key_jwt` must be among them for signed authentication requests. */
  readonly token_endpoint_auth_method: readonly string[]
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  readonly backchannel_token_delivery_mode?: 'poll' | 'ping' | 'push'
  /** `http:` is called too, and `https:` with a certificate of nobody's. */
  readonly backchannel_client_notification_endpoint?: string
  readonly [property: string]: unknown
}

/** A request by CIBA that waits for the person. */
export interface WaitingRequest {
  readonly client_name: string
  readonly binding_message?: string
  readonly scopes: readonly string[]
}

export interface Glewlwyd {
  readonly issuer: string
  /**
   * Registers a client that may use every grant, unless its `authorization_type` says which. The person has consented to
   * `openid` and `SCOPE`.
   */
  addClient(client: GlewlwydClient): Promise<void>
  /**
   * The person approves what this client asks by CIBA. When it resolves, a ping or a push has been answered.
   *
   * One request of a client waits for a person: the next one ends it, and its `auth_req_id` is an `invalid_grant` then.
   */
  approve(clientId: string): Promise<void>
  /** The person denies it. */
  deny(clientId: string): Promise<void>
  /** What this client asks the person by CIBA, as glewlwyd's page shows it. */
  waiting(clientId: string): Promise<WaitingRequest>
  /** Where the person's browser comes out, once they have answered what they are asked. */
  comeBack(authorizationUrl: URL): Promise<URL>
  stop(): Promise<void>
}

export interface GlewlwydOptions {
  /** Makes it listen with TLS, as `localhost`, and ask for certificates that this authority has issued. */
  readonly tls?: Identity & { readonly authority: string }
  /** Parameters of the plugin, beside or in place of those that are there. */
  readonly parameters?: Readonly<Record<string, JsonValue>>
}

const PASSWORD = 'a-password-of-the-tests'

const GRANTS = [
  ...['code', 'client_credentials', 'refresh_token', 'device_authorization', 'delete_token'],
  'urn:openid:params:grant-type:ciba',
]

export async function startGlewlwyd({ tls, parameters }: GlewlwydOptions = {}): Promise<Glewlwyd> {
  assertInstalled(GLEWLWYD)
  const origin = (port: string) => (tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`)
  const program = await startProgram(async (folder, freePort) => {
    const database = join(folder, 'database')
    execFileSync(SQLITE, [database], { input: gunzipSync(await readFile(TABLES)) })
    const file = join(folder, 'configuration')
    const tlsFiles = tls && (await writeTlsFiles(folder, tls))
    await writeFile(file, configurationFile(origin(freePort), freePort, database, tlsFiles))
    return { command: PROGRAM, args: [`--config-file=${file}`] }
  })
  const api = `${origin(program.port)}/api`
  const issuer = `${api}/oidc`
  const send = tls && fetchTrusting(tls.authority)
  try {
    const admin = createApiSession(api, send?.fetch)
    await admin.call('POST', 'auth/', { username: 'admin', password: 'password' })
    await admin.call('POST', 'scope/', { name: SCOPE, display_name: SCOPE, password_required: false })
    await admin.call('POST', 'user/', { ...PERSON, password: PASSWORD, scope: ['g_profile', 'openid', SCOPE] })
    await admin.call('POST', 'mod/plugin/', {
      ...{ module: 'oidc', name: 'oidc', display_name: 'oidc', enabled: true },
      parameters: { ...pluginParameters(issuer, SCOPE), ...parameters },
    })
    const person = createApiSession(api, send?.fetch)
    await person.call('POST', 'auth/', { username: PERSON.username, password: PASSWORD })
    return { issuer, ...clientsAndPerson(admin, person), stop: () => program.stop() }
  } catch (error) {
    await program.stop()
    throw error
  }
}

function clientsAndPerson(admin: ApiSession, person: ApiSession): Omit<Glewlwyd, 'issuer' | 'stop'> {
  async function waiting(clientId: string): Promise<Waiting> {
    const list = await person.call('GET', 'oidc/ciba_user_list')
    // glewlwyd's own list, as its page shows it
    const all = (await list.json()) as Waiting[]
    const request = all.find(({ client_id }) => client_id === clientId)
    if (request === undefined) throw new Error(`no request of ${clientId} waits`)
    return request
  }

  async function answer(uri: 'connect_uri' | 'cancel_uri', clientId: string): Promise<void> {
    const request = await waiting(clientId)
    const page = locationOf(await person.fetch(`${request[uri]}&g_continue`))
    const expected = uri === 'connect_uri' ? 'complete' : 'cancelled'
    const message = page.searchParams.get('ciba_message')
    if (message !== expected) throw new Error(`glewlwyd says ${String(message)}, not ${expected}`)
  }

  return {
    async addClient(client) {
      await admin.call('POST', 'client/', {
        ...{ name: client.client_id, enabled: true, confidential: true, scope: [] },
        ...{ redirect_uri: [], authorization_type: GRANTS },
        ...client,
      })
      await person.call('PUT', `auth/grant/${client.client_id}`, { scope: `openid ${SCOPE}` })
    },
    waiting,
    approve: (clientId) => answer('connect_uri', clientId),
    deny: (clientId) => answer('cancel_uri', clientId),
    async comeBack(authorizationUrl) {
      const url = new URL(authorizationUrl)
      // the page that asks whether to go on as anna sends the browser back with this
      url.searchParams.set('g_continue', '')
      return locationOf(await person.fetch(url))
    },
  }
}

interface Waiting extends WaitingRequest {
  readonly client_id: string
  readonly connect_uri: string
  readonly cancel_uri: string
}

function locationOf(response: Response): URL {
  const location = response.headers.get('location')
  if (location === null) throw new Error(`${response.url} answered ${response.status} and leads nowhere`)
  return new URL(location, response.url)
}

interface ApiSession extends Session {
  /** Rejects what is not answered with success. */
  call(method: string, path: string, body?: object): Promise<Response>
}

function createApiSession(api: string, send: Fetch | undefined): ApiSession {
  const session = createSession(send)
  return {
    ...session,
    async call(method, path, body) {
      const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const response = await session.fetch(`${api}/${path}`, { method, ...json })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return response
    },
  }
}

async function writeTlsFiles(folder: string, { key, cert, authority }: NonNullable<GlewlwydOptions['tls']>) {
  const files = { key: join(folder, 'key'), cert: join(folder, 'cert'), ca: join(folder, 'ca') }
  await writeFile(files.key, key)
  await writeFile(files.cert, cert)
  await writeFile(files.ca, authority)
  return files
}
