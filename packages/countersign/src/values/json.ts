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

/** The value that a JSON text stands for; `undefined`, which no JSON text stands for, when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
