import { invalidArgument } from '../errors/invalid-argument.ts'
import { readBody } from '../http/body.ts'
import type { Context } from '../rules/context.ts'
import { mediaTypeOf } from '../http/content-type.ts'

/**
 * Reads the body of a request by which the browser brought an authorization response as a form.
 *
 * @param request A POST of `application/x-www-form-urlencoded`, its body unread.
 * @returns The body's text.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE`: another request.
 * @see OAuth 2.0 Form Post Response Mode, section 2
 * @internal
 */
export async function formPostResponse(request: Request): Promise<string> {
  return await readFormPost({ trace: undefined }, request)
}

/** Reads such a body in the context of its validation. */
export async function readFormPost(context: Context, request: Request): Promise<string> {
  if (request.method !== 'POST') throw unfit('must be a POST', request)
  if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded') throw unfit('must be form-encoded', request)
  if (request.bodyUsed) throw unfit('has a body that was read already', request)
  return await readBody(context, request)
}

function unfit(what: string, request: Request): TypeError {
  // kept out of logs: a request has headers such as Cookie, and a URL with whatever came in it
  const cause: unknown = Object.defineProperty({}, 'cause', { value: request })
  return invalidArgument(`a form_post request ${what}`, 'ERR_INVALID_ARG_VALUE', cause)
}
