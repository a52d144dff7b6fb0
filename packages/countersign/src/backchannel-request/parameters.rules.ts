import { REQUEST_FORBIDDEN } from '../errors/codes.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, FAPI_CIBA, RFC_6749, RFC_8707, RFC_9396 } from '../rules/specifications.ts'

/**
 * An authentication request has no parameter twice, but for `resource`.
 *
 * Remedy: give the parameter once; several scope values or `acr_values` are one text, separated by spaces.
 */
export const REQUEST_PARAMETER_ONCE: Rule = rule('backchannel-request.repeated', RFC_6749, '3.2', REQUEST_FORBIDDEN)

/**
 * `requested_expiry` is a positive integer: a number, or its digits.
 *
 * Remedy: give whole seconds, 1 or more.
 */
export const REQUESTED_EXPIRY: Rule = rule('backchannel-request.requested_expiry', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * `acr_values` are values with one space between two of them.
 *
 * Remedy: give them as a list, or separate them by single spaces.
 */
export const ACR_VALUES: Rule = rule('backchannel-request.acr_values', CIBA_CORE, '7.1', REQUEST_FORBIDDEN)

/**
 * `request_context` is a JSON object.
 *
 * Remedy: give an object, or the JSON text of one.
 */
export const REQUEST_CONTEXT: Rule = rule('backchannel-request.request_context', FAPI_CIBA, '5.3', REQUEST_FORBIDDEN)

/**
 * `authorization_details` are an array of JSON objects, each of which has a `type`.
 *
 * Remedy: give an array of objects, each with the `type` that the server knows it by.
 */
export const AUTHORIZATION_DETAILS: Rule = rule(
  'backchannel-request.authorization_details',
  RFC_9396,
  '2',
  REQUEST_FORBIDDEN,
)

/**
 * `resource` is an absolute URI without fragment, or several of them.
 *
 * Remedy: give the whole identifier of the resource, with its scheme.
 */
export const RESOURCE_INDICATOR: Rule = rule('backchannel-request.resource', RFC_8707, '2', REQUEST_FORBIDDEN)
