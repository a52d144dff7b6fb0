/** The credentials of an `Authorization` header. */
export interface Credentials {
  /** The scheme, in lower case. */
  readonly scheme: string
  /** What stands behind it, without the blanks. */
  readonly values: readonly string[]
}

/** Takes an `Authorization` header apart (RFC 9110, section 11.4). */
export function parseAuthorization(header: string): Credentials {
  const end = header.indexOf(' ')
  // most have one blank, and need no regular expression
  if (end !== -1 && !header.includes(' ', end + 1)) {
    return { scheme: header.slice(0, end).toLowerCase(), values: [header.slice(end + 1)] }
  }
  const [scheme = '', ...values] = header.split(/ +/)
  return { scheme: scheme.toLowerCase(), values }
}

/** Whether a text has the characters of a bearer token (RFC 6750, section 2.1: b64token). */
export function isBearerToken(text: string): boolean {
  return /^[A-Za-z0-9._~+/-]+=*$/.test(text)
}
