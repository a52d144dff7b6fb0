import { DEFAULT_ACCOUNTS, findAccountIn } from './accounts.ts'
import { configurationFor } from './configuration.ts'
import { pollingInterval } from './interval.ts'
import { listen } from '../listen.ts'
import { loadOidcProvider } from './oidc-provider.ts'
import type { ProviderOptions } from './options.ts'
import { phoneFor, type Phone } from './phone.ts'
import { generateSigningKeys } from './signing-keys.ts'

export type { AccountClaims, Accounts } from './accounts.ts'
export type { ProviderOptions } from './options.ts'
export type { Authentication, Phone, PhoneRequest } from './phone.ts'
export type { SigningAlgorithm } from '../key-parameters.ts'

/** An OpenID Provider that answers on loopback until it is closed. */
export interface RunningProvider {
  /** `http://127.0.0.1:PORT` */
  readonly issuer: string
  /** What the person to be authenticated sees and does. */
  readonly phone: Phone
  /** Stops listening and ends every open connection. */
  close(): Promise<void>
}

/**
 * Starts a real OpenID Provider (npm `oidc-provider`) with CIBA on a free loopback port.
 *
 * Everything that it knows lives in this process's memory and ends with it.
 */
export async function startProvider(options: ProviderOptions = {}): Promise<RunningProvider> {
  const [{ Provider, errors }, keys, server] = await Promise.all([
    loadOidcProvider(),
    generateSigningKeys(options.signingAlgorithms ?? ['ES256']),
    listen(),
  ])
  const { phone, ring, connect } = phoneFor(errors)
  const findAccount = options.findAccount ?? findAccountIn(options.accounts ?? DEFAULT_ACCOUNTS)
  const provider = new Provider(server.origin, configurationFor(options, { errors, keys, ring, findAccount }))
  if (options.interval !== undefined) {
    provider.use(pollingInterval(options.interval))
  }
  connect(provider)
  server.answerWith(provider.callback())
  return { issuer: server.origin, phone, close: server.close }
}
