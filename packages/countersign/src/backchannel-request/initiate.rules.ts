import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE } from '../rules/specifications.ts'

/**
 * A client that is registered to sign its requests signs them.
 *
 * Remedy: give the key as `signingKey`, or take `backchannel_authentication_request_signing_alg` out of the registration
 * and the client's metadata.
 */
export const SIGNED: Rule = rule('backchannel-request.request', CIBA_CORE, '4', REQUEST_FORBIDDEN)

/**
 * The client authenticates by the method that it is registered with.
 *
 * Remedy: pass the method of the client's `token_endpoint_auth_method`, or correct that member.
 */
export const CLIENT_AUTHENTICATION: Rule = rule(
  'client-metadata.token_endpoint_auth_method',
  CIBA_CORE,
  '7.1',
  REQUEST_FORBIDDEN,
)

/**
 * `expires_in` of an acknowledgement is a JSON number.
 *
 * Remedy: report it to the server's operator. Where the server cannot be mended, call `backchannelAuthenticationRequest`,
 * `processBackchannelAuthenticationResponse` and `cibaTransaction` one after the other: together they read a text too.
 */
export const ACKNOWLEDGEMENT_EXPIRES_IN_NUMBER: Rule = rule(
  'backchannel-authentication.expires_in-number',
  CIBA_CORE,
  '7.3',
)
