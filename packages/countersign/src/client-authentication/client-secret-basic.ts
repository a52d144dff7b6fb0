import { assertString, invalidArgument } from '../errors/invalid-argument.ts'
import { encodeText } from '../values/text.ts'
import type { ClientAuth } from './client-auth.ts'
import { ofMethod } from './method.ts'

/**
 * `client_secret_basic`: the client's name and secret stand in the `Authorization` header, each form-encoded first.
 *
 * @param clientSecret The secret, not empty.
 * @returns The method, for every function that takes a {@link ClientAuth}.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: no secret; and when a request is made, a name or
 *   secret that is no Unicode.
 * @see RFC 6749, section 2.3.1 and appendix B; OpenID Connect Core 1.0, section 9
 */
export function ClientSecretBasic(clientSecret: string): ClientAuth {
  assertString(clientSecret, 'clientSecret')
  return ofMethod({ names: ['client_secret_basic'] }, (_as, client, _body, headers) => {
    headers.set('authorization', `Basic ${btoa(`${formEncode(client.client_id)}:${formEncode(clientSecret)}`)}`)
  })
}

const LITERAL = /[0-9A-Za-z]/

/**
 * RFC 6749 appendix B: application/x-www-form-urlencoded, in the spelling that every server decodes alike. Characters
 * that some form encoders keep and others escape are escaped, a space is a plus sign.
 */
function formEncode(text: string): string {
  // half of a surrogate pair is no character, and has no bytes that a server could compare
  if (/\p{Surrogate}/u.test(text))
    throw invalidArgument("the client's credentials must be Unicode", 'ERR_INVALID_ARG_VALUE')
  let encoded = ''
  for (const byte of encodeText(text)) {
    const character = String.fromCharCode(byte)
    if (character === ' ') encoded += '+'
    else if (LITERAL.test(character)) encoded += character
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}
