/** The credentials of an `Authorization` header. */
export interface Credentials {
  /** The scheme, in lower case. */
  readonly scheme: string
  /** What stands behind it, without the blanks. */
  readonly values: readonly string[]
}

/** Takes an `Authorization` header apart (RFC 9110, section 11.4). */
export function parseAuthorization(header: string): Credentials {
  // most have one blank, and need no regular expression
  const words = header.split(' ')
  const [scheme = '', ...values] = words.length === 2 ? words : header.split(/ +/)
  return { scheme: scheme.toLowerCase(), values }
}

/** Whether a text has the characters of a bearer token (RFC 6750, section 2.1: b64token). */
export function isBearerToken(text: string): boolean {
  return /^[A-Za-z0-9._~+/-]+=*$/.test(text)
}
