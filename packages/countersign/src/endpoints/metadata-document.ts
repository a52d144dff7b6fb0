import { assertTagged } from '../errors/invalid-argument.ts'
import { aboutAnswer, readJsonObject } from '../http/body.ts'
import { send } from '../http/fetch.ts'
import { requestHeaders } from '../http/headers.ts'
import { allowInsecureRequests, type HttpRequestOptions } from '../http/options.ts'
import type { BodySizeOptions } from '../metadata/body-size.ts'
import { checkProtocol } from '../metadata/endpoint.ts'
import { check } from '../rules/check.ts'
import { aboutDocument } from '../rules/context.ts'
import type { Rule } from '../rules/rule.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { describe } from '../values/describe.ts'
import type { JsonObject } from '../values/json.ts'
import { isText } from '../values/text.ts'
import { parseUrl } from '../values/url.ts'

/**
 * Value in place of the expected identifier: whatever identifier the metadata name is accepted.
 *
 * Safe only where the caller compares it, as for a server whose issuer has a place holder in its metadata.
 *
 * @internal
 */
export const _nodiscoverycheck: unique symbol = Symbol('nodiscoverycheck')

/** The rules of one kind of metadata. */
export interface MetadataRules {
  readonly status: Rule
  /** The member that identifies whose metadata they are is a URL. */
  readonly form: Rule
  /** It is the one that was asked for. */
  readonly value: Rule
}

/** Asks for metadata, at a URL that is made of the identifier of the one whose they are. */
export async function requestMetadata(
  identifier: URL,
  name: string,
  wellKnown: (url: URL) => void,
  options: HttpRequestOptions<'GET'> | undefined,
): Promise<Response> {
  assertTagged(identifier, 'URL', name)
  checkProtocol(identifier, options?.[allowInsecureRequests] !== true, options?.[trace])
  const url = new URL(identifier)
  wellKnown(url)
  return await send(url, 'GET', requestHeaders(options?.headers, 'application/json'), undefined, options ?? {})
}

/** Validates that metadata are those of the one that was asked for. */
export async function processMetadata(
  expected: URL | typeof _nodiscoverycheck,
  name: string,
  response: Response,
  member: 'issuer' | 'resource',
  rules: MetadataRules,
  options: (TraceOptions & BodySizeOptions) | undefined,
): Promise<JsonObject> {
  if (expected !== _nodiscoverycheck) assertTagged(expected, 'URL', name)
  const context = aboutAnswer(response, options)
  check(context, rules.status, response.status === 200, 200, response.status)
  const body = await readJsonObject(context, response)
  const about = aboutDocument(context, 'body', body)
  const identifier = body[member]
  if (expected === _nodiscoverycheck) {
    check(about, rules.form, isText(identifier), 'a text', describe(identifier))
    return body
  }
  const url = isText(identifier) ? parseUrl(identifier) : undefined
  check(about, rules.form, url !== undefined, 'a URL', describe(identifier))
  check(about, rules.value, url.href === expected.href, expected.href, identifier)
  return body
}
