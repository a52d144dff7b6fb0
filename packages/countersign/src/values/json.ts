/** A JSON object. */
export type JsonObject = { [Key in string]?: JsonValue }

/** A JSON array. */
export type JsonArray = JsonValue[]

/** A JSON value without members. */
export type JsonPrimitive = string | number | boolean | null

/** Any JSON value. */
export type JsonValue = JsonPrimitive | JsonObject | JsonArray

/** Tells a JSON object from every other JSON value, arrays and `null` included. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Makes a JSON value one that nobody can change, down to its last member. */
export function freezeJson<Value extends JsonValue | undefined>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freezeJson)
  return value
}

/** Deepest nesting that is read: what goes deeper overflows the stack of whoever walks or writes the value. */
const MAXIMUM_DEPTH = 1000

/**
 * The value that a JSON text stands for; `undefined`, which no JSON text stands for, when it is none, or nests deeper than
 * 1,000 levels (RFC 8259, section 9).
 */
export function parseJson(text: string): unknown {
  if (mayBeDeep(text) && depthOf(text) > MAXIMUM_DEPTH) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is opened is closed, so that most texts are too short. */
function mayBeDeep(text: string): boolean {
  return text.length > 2 * MAXIMUM_DEPTH && occurrences(text, '[') + occurrences(text, '{') > MAXIMUM_DEPTH
}

function occurrences(text: string, character: string): number {
  let count = 0
  for (let index = text.indexOf(character); index !== -1; index = text.indexOf(character, index + 1)) count++
  return count
}

/** How deep a text nests, if it is JSON; brackets in its strings do not count. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '"') inString = !inString
    else if (inString) index += character === '\\' ? 1 : 0
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ']' || character === '}') depth--
  }
  return deepest
}
