import type { Client, ClientAuth, CryptoKeyPair } from 'countersign'
import { invalidArgument } from '../errors/backchannel-error.ts'
import type { DeliveryMode } from '../transaction/record.ts'
import type { BackchannelOptions } from './options.ts'

/** The options with their defaults, looked at once. Times are in milliseconds. */
export interface Settings {
  readonly client: Client
  readonly clientAuthentication: ClientAuth
  readonly mode: DeliveryMode
  readonly sharedKeyPair: CryptoKeyPair | undefined
  readonly keyPerTransaction: boolean
  readonly jitter: number
  readonly pingFallbackInterval: number
  readonly answerTimeout: number
  /** After this time nothing can become of a mark any more. */
  readonly takeoverAfter: number
  readonly retention: number
  readonly longestExpiry: number
}

/** A request leaves at most that long after its mark was made; a process that stood still for longer makes a new one. */
export const MARK_GRACE = 5000

const DAY = 86_400

export function settingsOf(options: BackchannelOptions): Settings {
  const { clientAuthentication, DPoP } = options
  const mode = modeOf(options.client)
  const answerTimeout = seconds(options.answerTimeout ?? 35, 'answerTimeout', 30)
  return {
    // who does not say so is registered for what needs no endpoint
    client: { ...options.client, backchannel_token_delivery_mode: mode },
    clientAuthentication,
    mode,
    sharedKeyPair: DPoP === 'per-transaction' ? undefined : DPoP,
    keyPerTransaction: DPoP === 'per-transaction',
    jitter: within(options.jitter ?? 0.1, 'jitter', 0, 1),
    pingFallbackInterval: seconds(options.pingFallbackInterval ?? 30, 'pingFallbackInterval', 1),
    answerTimeout,
    // RFC 9449 §8: with a nonce to learn there are two requests for one mark
    takeoverAfter: MARK_GRACE + 2 * answerTimeout + MARK_GRACE,
    retention: seconds(options.retention ?? DAY, 'retention', 1),
    longestExpiry: seconds(options.longestExpiry ?? 600, 'longestExpiry', 1),
  }
}

/** CIBA Core 1.0 §4: what the client is registered for. */
function modeOf({ backchannel_token_delivery_mode: mode = 'poll' }: Client): DeliveryMode {
  if (mode === 'poll' || mode === 'ping' || mode === 'push') return mode
  throw invalidArgument('"client.backchannel_token_delivery_mode" must be "poll", "ping" or "push"')
}

function seconds(value: number, name: string, least: number): number {
  return within(value, name, least, Number.MAX_SAFE_INTEGER / 1000) * 1000
}

/** The number, if it is one and in its range. */
export function within(value: number, name: string, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value
  throw invalidArgument(`"options.${name}" must be a number from ${least} to ${most}`)
}
