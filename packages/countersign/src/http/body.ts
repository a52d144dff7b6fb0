import { INVALID_RESPONSE, PARSE_ERROR, RESPONSE_IS_NOT_JSON } from '../errors/codes.ts'
import { assertTagged, invalidArgument } from '../errors/invalid-argument.ts'
import { check } from '../rules/check.ts'
import type { Context } from '../rules/context.ts'
import { type Rule, rule } from '../rules/rule.ts'
import { COUNTERSIGN, RFC_6749, RFC_8259, RFC_9110 } from '../rules/specifications.ts'
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
 * The body of an answer is not larger than 1 MiB.
 *
 * Remedy: the server, or somebody in its place, sends what no OAuth answer is; find out what it is.
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

/** Bytes that a body may have at most. */
const MAXIMUM_SIZE = 1_048_576

/** The argument is an answer; one of another realm or implementation counts. */
export function assertResponse(response: unknown): asserts response is Response {
  assertTagged(response, 'Response', 'response')
}

/** Reads an answer that must be a JSON object. */
export async function readJsonObject(
  context: Context,
  response: Response,
  mediaTypes: readonly string[] = ['application/json'],
): Promise<JsonObject> {
  const json = parseJson(await readText(context, response))
  const contentType = mediaTypeOf(response)
  check(context, BODY_CONTENT_TYPE, json !== undefined || mediaTypes.includes(contentType), mediaTypes, contentType)
  check(context, BODY_JSON, json !== undefined, 'JSON', 'other text')
  const document = { kind: 'body', value: json } as const
  check({ ...context, document }, BODY_OBJECT, isJsonObject(json), 'an object', describe(json))
  return json
}

/** The body of the answer is still there to be read. */
export function assertUnread(response: Response): void {
  if (response.bodyUsed) throw invalidArgument('"response" body has been used already', 'ERR_INVALID_ARG_VALUE')
}

/** Reads the body of an answer as UTF-8 text. */
export async function readText(context: Context, response: Response): Promise<string> {
  assertUnread(response)
  return readBody(context, response)
}

/** Reads the body of a message that has not been read. */
export async function readBody(context: Context, message: Response | Request): Promise<string> {
  const { text, size, end } = await readStream(message.body)
  const cause = end === 'complete' ? undefined : end.failure
  check({ ...context, cause }, BODY_READ, end === 'complete', 'a body to its end', 'a failure')
  check(context, BODY_SIZE, size <= MAXIMUM_SIZE, `at most ${MAXIMUM_SIZE} bytes`, `${size} bytes or more`)
  return text
}

/** What was read of a body, and how reading it ended. */
interface Reading {
  readonly text: string
  readonly size: number
  readonly end: 'complete' | { readonly failure: unknown }
}

/** The one place where this library reads a body: to its end, or until it is larger than it may be. */
async function readStream(stream: ReadableStream<Uint8Array> | null): Promise<Reading> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  try {
    const reader = stream?.getReader()
    let part = await reader?.read()
    while (part?.done === false) {
      size += part.value.byteLength
      text += decoder.decode(part.value, { stream: true })
      if (size > MAXIMUM_SIZE) {
        // nobody waits until the sender has stopped, and its failure to stop is nobody's
        void reader?.cancel().catch(() => undefined)
        break
      }
      part = await reader?.read()
    }
    return { text: text + decoder.decode(), size, end: 'complete' }
  } catch (failure) {
    return { text, size, end: { failure } }
  }
}
