import type { Client, ClientAuth } from 'countersign'
import type { Phone as ProvidersPhone } from '../provider/index.ts'
import type { NotificationEndpoint } from './notification-endpoint.ts'

/** How the client learns what the person has decided (CIBA Core §5). */
export type Delivery =
  | { readonly mode: 'poll' }
  | { readonly mode: 'ping'; readonly endpoint: NotificationEndpoint }
  | { readonly mode: 'push'; readonly endpoint: NotificationEndpoint }

/** The person's phone, where it is ours to press the buttons. */
export type Phone = Pick<ProvidersPhone, 'approve' | 'deny' | 'waitFor'>

/** Who signs the person in, where, and how it proves to be that client. */
export interface RelyingParty {
  readonly issuer: URL
  readonly client: Client
  readonly delivery: Delivery
  /** Made when it is first needed: a provider that cannot even be found needs no key. */
  authentication(): Promise<ClientAuth>
  /** Parameters of the authentication request that depend on the provider. */
  parameters(loginHint: string): Readonly<Record<string, string>>
  readonly phone: Phone | undefined
  close(): Promise<void>
}

export const CLIENT_ID = 'countersign-demo'
export const CLIENT_NAME = 'Example Shop'

/** What most providers want to know. */
export function usualParameters(loginHint: string): Readonly<Record<string, string>> {
  return { scope: 'openid profile email', login_hint: loginHint }
}

/** What a client registers of how it learns the outcome (CIBA Core §4). */
export function registrationOf<Mode extends Delivery['mode']>(delivery: Delivery & { readonly mode: Mode }) {
  const { mode } = delivery
  return {
    backchannel_token_delivery_mode: mode,
    ...('endpoint' in delivery && { backchannel_client_notification_endpoint: delivery.endpoint.url }),
  }
}
