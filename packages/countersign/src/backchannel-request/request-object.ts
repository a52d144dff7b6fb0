import type { CryptoKey } from '../engine/crypto-key.ts'
import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { assertObject, invalidArgument } from '../errors/invalid-argument.ts'
import { algorithmName } from '../jose/algorithms.ts'
import { issuedClaims } from '../jose/issued-claims.ts'
import { privateKeyOf } from '../jose/keys.ts'
import { modifyAssertion, type ModifyAssertionFunction } from '../jose/modify-assertion.ts'
import type { SigningOptions } from '../jose/signing-options.ts'
import type { PrivateKey } from '../jose/private-key.ts'
import { signJwt } from '../jose/sign.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import type { Client } from '../metadata/client.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'
import { trace } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import { checkedRequest, type CheckBackchannelAuthenticationParametersOptions } from './check-parameters.ts'
import type { BackchannelAuthenticationParametersInit, Parameters } from './parameters.ts'
import { includes } from './registration.ts'

/**
 * A client that signs its requests is registered with the algorithm by which it does.
 *
 * Remedy: register `backchannel_authentication_request_signing_alg`, and write it into the client's metadata.
 */
export const SIGNING_ALG: Rule = rule(
  'client-metadata.backchannel_authentication_request_signing_alg',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/**
 * The server takes requests that are signed by the client's algorithm.
 *
 * Remedy: choose an algorithm of the server's `backchannel_authentication_request_signing_alg_values_supported`; a server
 * that publishes none takes no signed requests.
 */
export const SIGNING_ALG_SUPPORTED: Rule = rule(
  'server-metadata.backchannel_authentication_request_signing_alg_values_supported',
  CIBA_CORE,
  '4',
  REQUEST_FORBIDDEN,
)

/**
 * The key that signs a request is for the asymmetric algorithm that the client registered.
 *
 * Remedy: sign with the key that belongs to the registration; a secret cannot sign a request.
 */
export const SIGNING_KEY: Rule = rule('backchannel-request-object.alg', CIBA_CORE, '7.1.1', REQUEST_FORBIDDEN)

/** How a request is signed. */
export interface RequestSigningOptions extends SigningOptions {
  /** Seconds for which the signed request is good, from now; an integer, 1 or more. Default 300. */
  lifetime?: number
}

/** Options of {@link issueBackchannelAuthenticationRequestObject}. */
export interface IssueBackchannelAuthenticationRequestObjectOptions
  extends CheckBackchannelAuthenticationParametersOptions, RequestSigningOptions {
  /** The key to sign with, alone or with the `kid` by which the server knows it. */
  privateKey: CryptoKey | PrivateKey
}

/**
 * Checks the parameters of a backchannel authentication request, and signs them: the value of the one parameter `request`,
 * beside which stand only those of the client's authentication. {@link initiateBackchannelAuthentication} does this and
 * sends it; this function is for those who send it themselves.
 *
 * Each parameter is a claim: texts as they are, `requested_expiry` as the number or text that it was given as,
 * `request_context`, `authorization_details`, several resources and extensions as their JSON. `iss`, `aud`, `iat`, `nbf`,
 * `exp` and `jti` are set here.
 *
 * Not checked: what `modifyAssertion` makes of it.
 *
 * @param as Metadata of the server.
 * @param client Metadata of the client, with its `backchannel_token_delivery_mode` and
 *   `backchannel_authentication_request_signing_alg`.
 * @param parameters The request's parameters. In ping and push mode they have a `client_notification_token`.
 * @param options The key; for how long the request is good, in seconds; `modifyAssertion`, to change the JWT before it is
 *   signed; `maximumBindingMessageLength`.
 * @returns The signed request, a compact JWS.
 * @throws {OperationProcessingError} `OAUTH_REQUEST_FORBIDDEN`: a paragraph forbids the request, or the algorithm.
 * @throws {UnsupportedOperationError} `OAUTH_UNSUPPORTED_OPERATION`: the key is for no supported algorithm, or too weak.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: a wrong argument or parameter.
 * @see CIBA Core 1.0, section 7.1.1
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * const { privateKey } = await countersign.generateKeyPair('ES256')
 * const as: countersign.AuthorizationServer = {
 *   issuer: 'https://op.example.com',
 *   backchannel_token_delivery_modes_supported: ['poll'],
 *   backchannel_authentication_request_signing_alg_values_supported: ['ES256'],
 * }
 * const client: countersign.Client = {
 *   client_id: 'shop',
 *   backchannel_token_delivery_mode: 'poll',
 *   backchannel_authentication_request_signing_alg: 'ES256',
 * }
 *
 * const request = await countersign.issueBackchannelAuthenticationRequestObject(
 *   as,
 *   client,
 *   { scope: 'openid', login_hint: 'anna@example.com', request_context: { device: 'till 4' } },
 *   { privateKey: { key: privateKey, kid: 'key-of-2026' } },
 * )
 * ```
 */
export async function issueBackchannelAuthenticationRequestObject(
  as: AuthorizationServer,
  client: Client,
  parameters: BackchannelAuthenticationParametersInit,
  options: IssueBackchannelAuthenticationRequestObjectOptions,
): Promise<string> {
  assertObject(options, 'options')
  const { privateKey } = options
  const key = privateKeyOf(privateKey, 'options.privateKey')
  return await signRequest(as, client, checkedRequest(as, client, parameters, options).parameters, key, options)
}

/**
 * Signs parameters that have been checked.
 *
 * @param inspect Sees the JWT as it will be signed, after `modifyAssertion`.
 */
export async function signRequest(
  as: AuthorizationServer,
  client: Client,
  parameters: Parameters,
  { key, kid }: PrivateKey,
  options: RequestSigningOptions,
  inspect?: ModifyAssertionFunction,
): Promise<string> {
  const { lifetime = 300, [modifyAssertion]: modify } = options
  if (!Number.isSafeInteger(lifetime) || lifetime < 1) {
    throw invalidArgument('"options.lifetime" must be a positive integer', 'ERR_INVALID_ARG_VALUE')
  }
  const context: Context = { trace: client[trace] }
  const alg = signingAlgOf(context, as, client, key)
  // no `typ`: none is registered for these requests, and the standard's examples have none
  return await signJwt(
    context,
    key,
    { alg, kid },
    { ...Object.fromEntries(parameters), ...issuedClaims(as, client, lifetime) },
    {
      ...options,
      [modifyAssertion](header, claims) {
        modify?.(header, claims)
        inspect?.(header, claims)
      },
    },
  )
}

/** The name of the algorithm: the one registered, where the server takes it and the key is for it. */
function signingAlgOf(context: Context, as: AuthorizationServer, client: Client, key: CryptoKey): string {
  const alg = client.backchannel_authentication_request_signing_alg
  check(context, SIGNING_ALG, typeof alg === 'string', 'the name of an algorithm', describe(alg))
  const supported = as.backchannel_authentication_request_signing_alg_values_supported
  check(context, SIGNING_ALG_SUPPORTED, includes(supported, alg), `${alg} among them`, supported ?? 'missing')
  const name = algorithmName(key)
  // RFC 9864 §2.2: EdDSA is the older name of what a key calls Ed25519
  const fits = name === alg || (name === 'Ed25519' && alg === 'EdDSA')
  check(context, SIGNING_KEY, fits, alg, name)
  return alg
}
