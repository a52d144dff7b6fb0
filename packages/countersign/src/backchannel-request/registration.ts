import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { CIBA_GRANT } from '../polling/transaction.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'
import { describe } from '../values/describe.ts'
import { parseUrl } from '../values/url.ts'

/**
 * The client's metadata say how it gets the outcome: `poll`, `ping` or `push`.
 *
 * Remedy: write `backchannel_token_delivery_mode` into the client's metadata, as it is registered at the server.
 */
export const DELIVERY_MODE: Rule = rule(
  'client-metadata.backchannel_token_delivery_mode',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/**
 * The server has the delivery mode of the client.
 *
 * Remedy: register the client with a mode of the server's `backchannel_token_delivery_modes_supported`; where metadata are
 * written by hand, write that member too.
 */
export const DELIVERY_MODE_SUPPORTED: Rule = rule(
  'server-metadata.backchannel_token_delivery_modes_supported',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/**
 * A client in poll or ping mode, whose metadata list its grant types, has the one of CIBA among them.
 *
 * Remedy: register the client with `urn:openid:params:grant-type:ciba`.
 */
export const GRANT_TYPE: Rule = rule('client-metadata.grant_types', CIBA_CORE, '4', REQUEST_FORBIDDEN)

/**
 * The endpoint where a client in ping or push mode is called back, where its metadata name it, is an `https:` URL.
 *
 * Remedy: register an endpoint that speaks TLS.
 */
export const NOTIFICATION_ENDPOINT: Rule = rule(
  'client-metadata.backchannel_client_notification_endpoint',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/** How a client gets the outcome (CIBA Core 1.0 §5). */
export type DeliveryMode = 'ping' | 'poll' | 'push'

const DELIVERY_MODES: readonly DeliveryMode[] = ['poll', 'ping', 'push']

/** How the client gets the outcome, where it is registered for CIBA so that this server can give it. */
export function deliveryModeOf(context: Context, as: AuthorizationServer, client: Client): DeliveryMode {
  const registered = client.backchannel_token_delivery_mode
  const mode = DELIVERY_MODES.find((one) => one === registered)
  check(context, DELIVERY_MODE, mode !== undefined, DELIVERY_MODES, registered ?? 'missing')

  const modes = as.backchannel_token_delivery_modes_supported
  check(context, DELIVERY_MODE_SUPPORTED, includes(modes, mode), `${mode} among them`, modes ?? 'missing')

  const grantTypes = client.grant_types
  const granted = mode === 'push' || grantTypes === undefined || includes(grantTypes, CIBA_GRANT)
  check(context, GRANT_TYPE, granted, `${CIBA_GRANT} among them`, grantTypes)

  const endpoint = client.backchannel_client_notification_endpoint
  const protocol = typeof endpoint === 'string' ? parseUrl(endpoint)?.protocol : undefined
  const secure = mode === 'poll' || endpoint === undefined || protocol === 'https:'
  check(context, NOTIFICATION_ENDPOINT, secure, 'https:', protocol ?? describe(endpoint))
  return mode
}

/** Whether a list has a value; a list of metadata may be none. */
export function includes(list: unknown, value: unknown): boolean {
  return Array.isArray(list) && list.includes(value)
}
