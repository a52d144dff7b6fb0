/** The media type of a message, lower-cased and without parameters; `none` when it has no `Content-Type`. */
export function mediaTypeOf(message: Response | Request): string {
  // RFC 9110 §8.3.1: type and subtype are case-insensitive
  return message.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? 'none'
}

/**
 * The media type of a message as it is written, without parameters.
 *
 * @internal
 */
export function getContentType(message: { headers: { get(name: string): string | null } }): string | undefined {
  return message.headers.get('content-type')?.split(';', 1)[0]
}
