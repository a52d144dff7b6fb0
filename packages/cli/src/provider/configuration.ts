import { randomBytes } from 'node:crypto'
import type { CIBATriggerAuthenticationDevice, Configuration, FindAccount, JWKS } from 'oidc-provider'
import { bindingMessageFault } from './binding-message.ts'
import type { OidcProviderErrors } from './oidc-provider.ts'
import type { ProviderOptions } from './options.ts'
import type { SigningAlgorithm } from '../key-parameters.ts'
import { memoryStorage } from './storage.ts'

const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'

interface Parts {
  readonly errors: OidcProviderErrors
  readonly keys: JWKS
  readonly ring: CIBATriggerAuthenticationDevice
  readonly findAccount: FindAccount
}

/** What `oidc-provider` is told: everything for CIBA with DPoP, and nothing left at a development default. */
export function configurationFor(options: ProviderOptions, parts: Parts): Configuration {
  const algorithms: readonly [SigningAlgorithm, ...SigningAlgorithm[]] = options.signingAlgorithms ?? ['ES256']
  return {
    adapter: memoryStorage(),
    jwks: parts.keys,
    cookies: { keys: [randomBytes(32)] },
    clients: options.clients ?? [],
    clientDefaults: {
      grant_types: [CIBA_GRANT, 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      backchannel_token_delivery_mode: 'poll',
      id_token_signed_response_alg: algorithms[0],
    },
    enabledJWA: { idTokenSigningAlgValues: algorithms, userinfoSigningAlgValues: algorithms },
    findAccount: parts.findAccount,
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'auth_time', 'acr', 'amr'], profile: ['name'], email: ['email', 'email_verified'] },
    ttl: {
      BackchannelAuthenticationRequest: (ctx) => lifetime(ctx.oidc.params?.requested_expiry, options.expiresIn ?? 120),
      AccessToken: 600,
      IdToken: 600,
      RefreshToken: 3600,
      Grant: 3600,
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    fetch: (input, init) => outboundFetch(options.fetch ?? fetch, input, init),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // signed requests (CIBA Core §7.1.1), from clients with backchannel_authentication_request_signing_alg
      requestObjects: { enabled: true },
      jwtUserinfo: { enabled: true },
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: () => options.requireDPoPNonce ?? false,
      },
      ciba: ciba(options, parts),
    },
  }
}

function ciba(options: ProviderOptions, { errors, ring }: Parts) {
  return {
    enabled: true,
    deliveryModes: options.deliveryModes ?? (['poll', 'ping'] as const),
    // The hint is the person's `sub`.
    processLoginHint: (_ctx: unknown, hint?: string) => hint,
    validateBindingMessage(_ctx: unknown, message?: string) {
      const fault = message === undefined ? undefined : bindingMessageFault(message)
      if (fault !== undefined) {
        throw new errors.InvalidBindingMessage(fault)
      }
    },
    validateRequestContext(_ctx: unknown, requestContext?: string) {
      if (requestContext !== undefined) {
        throw new errors.InvalidRequest('request_context is not used here')
      }
    },
    verifyUserCode(_ctx: unknown, _account: unknown, userCode?: string) {
      if (userCode !== undefined) {
        throw new errors.InvalidUserCode('nobody has a user_code here')
      }
    },
    triggerAuthenticationDevice: ring,
  }
}

/** CIBA Core §7.1: `requested_expiry` is a positive integer, sent as text in a form; it can only shorten the lifetime. */
function lifetime(requestedExpiry: unknown, most: number): number {
  const requested = Number(requestedExpiry ?? most)
  return requested >= 1 && requested < most ? Math.floor(requested) : most
}

/** `oidc-provider` passes a dispatcher that refuses loopback addresses; here everything is on loopback. */
function outboundFetch(send: typeof fetch, input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const options: RequestInit & { dispatcher?: unknown } = { ...init }
  delete options.dispatcher
  return send(input, options)
}
