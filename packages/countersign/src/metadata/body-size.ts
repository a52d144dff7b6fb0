import { describe } from '../values/describe.ts'
import { invalidArgument } from '../errors/invalid-argument.ts'

/**
 * Option of {@link Client}, of the functions that process an answer without knowing the client, and of those that fetch a
 * server's keys: bytes that the body of an answer may have at most, 1 to 268,435,456 (256 MiB). Default 1,048,576 (1 MiB).
 *
 * What arrives is counted after decompression; a larger body is refused by the rule `response.size`, and the rest of it
 * is not read. Raise it for a server whose answers are that large, such as UserInfo with a picture inside; lower it where
 * memory is short.
 *
 * @see SECURITY.md, Bounds
 *
 * @example
 *
 * ```ts
 * import * as countersign from 'countersign'
 *
 * // every answer for this client
 * const client: countersign.Client = { client_id: 'shop', [countersign.maxBodySize]: 64 * 1024 }
 *
 * // metadata, which belong to no client
 * const issuer = new URL('https://op.example.com')
 * const as = await countersign.processDiscoveryResponse(issuer, await countersign.discoveryRequest(issuer), {
 *   [countersign.maxBodySize]: 256 * 1024,
 * })
 * ```
 */
export const maxBodySize: unique symbol = Symbol('maxBodySize')

/** What carries a {@link maxBodySize}. */
export interface BodySizeOptions {
  /** See {@link maxBodySize}. */
  [maxBodySize]?: number
}

/** A text of this many characters every engine can hold. */
const LARGEST = 268_435_456

/** The bytes that a body may have at most, after a look at the option; `undefined` where it is absent. */
export function bodySizeOf(options: BodySizeOptions | undefined): number | undefined {
  const bytes: unknown = options?.[maxBodySize]
  if (bytes === undefined) return undefined
  if (typeof bytes !== 'number') {
    throw invalidArgument(`"maxBodySize" must be a number, it is ${describe(bytes)}`, 'ERR_INVALID_ARG_TYPE')
  }
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > LARGEST) {
    throw invalidArgument(`"maxBodySize" must be an integer from 1 to ${LARGEST}`, 'ERR_INVALID_ARG_VALUE')
  }
  return bytes
}
