import { INVALID_RESPONSE, PARSE_ERROR, RESPONSE_IS_NOT_JSON } from '../errors/codes.ts'
import { assertTagged, invalidArgument } from '../errors/invalid-argument.ts'
import { type BodySizeOptions, bodySizeOf } from '../metadata/body-size.ts'
import { check } from '../rules/check.ts'
import { aboutDocument, type Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { COUNTERSIGN, RFC_6749, RFC_8259, RFC_9110 } from '../rules/specifications.ts'
import { trace, type TraceOptions } from '../rules/trace.ts'
import { collectBytes } from '../values/bytes.ts'
import { describe } from '../values/describe.ts'
import { isJsonObject, type JsonObject, parseJson } from '../values/json.ts'
import { mediaTypeOf } from './content-type.ts'

/**
 * The body of an answer arrives whole.
 *
 * Remedy: this is a fault of the network or of the server, look at the error's `cause`; send the request again where
 * that is safe.
 */
export const BODY_READ: Rule = rule('response.body', RFC_9110, '6.1', PARSE_ERROR)

/**
 * The body of an answer is not larger than it may be: 1 MiB, or what `maxBodySize` says.
 *
 * Remedy: the server, or somebody in its place, sends what no OAuth answer is; find out what it is. Where the server's
 * answers are that large, raise `maxBodySize`.
 */
export const BODY_SIZE: Rule = rule('response.size', COUNTERSIGN, 'Bounds', INVALID_RESPONSE)

/**
 * An answer whose body is no JSON was not announced as anything else.
 *
 * Remedy: look at the answer's body, in the error's `cause`: often it is the HTML of a proxy or of a wrong URL.
 */
export const BODY_CONTENT_TYPE: Rule = rule('response.content-type', RFC_6749, '5.1', RESPONSE_IS_NOT_JSON)

/**
 * The body of an answer that must be JSON is JSON.
 *
 * Remedy: report it to the server's operator.
 */
export const BODY_JSON: Rule = rule('response.json', RFC_8259, '2', PARSE_ERROR)

/**
 * The body of an answer that must be a JSON object is one, not an array or a primitive.
 *
 * Remedy: report it to the server's operator.
 */
export const BODY_OBJECT: Rule = rule('response.object', RFC_6749, '5.1', INVALID_RESPONSE)

/** Bytes that a body may have at most, where the caller does not say. */
const DEFAULT_SIZE = 1_048_576

/** The argument is an answer; one of another realm or implementation counts. */
export function assertResponse(response: unknown): asserts response is Response {
  assertTagged(response, 'Response', 'response')
}

/** The context of rules about an answer, which is one, with what the caller's options say about the reading of it. */
export function aboutAnswer(response: Response, options: (TraceOptions & BodySizeOptions) | undefined): Context {
  assertResponse(response)
  return { trace: options?.[trace], response, maxBodySize: bodySizeOf(options) }
}

/** Reads an answer that must be a JSON object. */
export async function readJsonObject(
  context: Context,
  response: Response,
  mediaTypes: readonly string[] = ['application/json'],
): Promise<JsonObject> {
  assertUnread(response)
  const json = parseJson(bodyText(await readBodyBytes(context, response)))
  // JSON is taken whatever it was announced as
  const came = json === undefined ? mediaTypeOf(response) : 'JSON'
  check(context, BODY_CONTENT_TYPE, json !== undefined || mediaTypes.includes(came), mediaTypes, came)
  check(context, BODY_JSON, json !== undefined, 'JSON', 'other text')
  check(aboutDocument(context, 'body', json), BODY_OBJECT, isJsonObject(json), 'an object', describe(json))
  return json
}

/** The body of the answer is still there to be read. */
export function assertUnread(response: Response): void {
  if (response.bodyUsed) throw invalidArgument('"response" body has been used already', 'ERR_INVALID_ARG_VALUE')
}

/** Reads the body of an answer as UTF-8 text. */
export async function readText(context: Context, response: Response): Promise<string> {
  assertUnread(response)
  return await readBody(context, response)
}

/** Reads the body of a message that has not been read. */
export async function readBody(context: Context, message: Response | Request): Promise<string> {
  return bodyText(await readBodyBytes(context, message))
}

let decoder: TextDecoder | undefined

/** The text that the bytes of a body stand for. */
export function bodyText(bytes: Uint8Array): string {
  decoder ??= new TextDecoder()
  return decoder.decode(bytes)
}

/** Reads the body of a message that has not been read, as bytes. */
export function readBodyBytes(context: Context, message: Response | Request): Promise<Uint8Array<ArrayBuffer>> {
  const bounds = { whole: BODY_READ, size: BODY_SIZE, maximum: context.maxBodySize ?? DEFAULT_SIZE }
  return readBytes(context, message, bounds)
}

/** How large a body may be, and the rules that refuse it. */
export interface BodyBounds {
  /** The body arrives whole. */
  readonly whole: Rule
  /** It is not too large. */
  readonly size: Rule
  /** Bytes that it may have at most. */
  readonly maximum: number
}

/** The one place where this library reads a body: to its end, or until it is larger than it may be. */
export async function readBytes(
  context: Context,
  message: Response | Request,
  bounds: BodyBounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const { maximum } = bounds
  const bytes = collectBytes()
  let size = 0
  let failure: { cause: unknown } | undefined
  try {
    const reader = message.body?.getReader()
    let part = await reader?.read()
    while (part?.done === false) {
      // what a caller makes a stream of need not be bytes
      assertTagged(part.value, 'Uint8Array', 'body')
      bytes.add(part.value)
      size += part.value.byteLength
      if (size > maximum) {
        // nobody waits until the sender has stopped, and its failure to stop is nobody's
        void reader?.cancel().catch(() => undefined)
        break
      }
      part = await reader?.read()
    }
  } catch (cause) {
    failure = { cause }
  }
  check(failure ? { ...context, ...failure } : context, bounds.whole, !failure, 'a body to its end', 'a failure')
  check(context, bounds.size, size <= maximum, () => `at most ${maximum} bytes`, size)
  return bytes.joined()
}
