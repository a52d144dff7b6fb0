import { type Rule, rule } from '../rules/rule.ts'
import { CIBA_CORE, RFC_8628 } from '../rules/specifications.ts'

/**
 * An acknowledgement names its lifetime as a positive integer of seconds.
 *
 * Remedy: report it to the server's operator.
 */
export const CIBA_LIFETIME: Rule = rule('backchannel-authentication.expires_in-integer', CIBA_CORE, '7.3')

/**
 * An acknowledgement names `interval` as a positive integer of seconds, where it does.
 *
 * Remedy: report it to the server's operator.
 */
export const CIBA_INTERVAL: Rule = rule('backchannel-authentication.interval-integer', CIBA_CORE, '7.3')

/**
 * A device code lives for some time.
 *
 * Remedy: report it to the server's operator.
 */
export const DEVICE_LIFETIME: Rule = rule('device-authorization.expires_in-positive', RFC_8628, '3.2')
