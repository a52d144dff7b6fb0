import type * as oauth from 'countersign'

/** The types of JSON, as callers use them to read what servers invent. */
export function size(value: oauth.JsonValue): number {
  if (Array.isArray(value)) return list(value)
  if (typeof value === 'object' && value !== null) return members(value)
  return String(value satisfies oauth.JsonPrimitive).length
}

function list(values: oauth.JsonArray): number {
  return values.reduce<number>((sum, value) => sum + size(value), 0)
}

function members(value: oauth.JsonObject): number {
  return list(Object.values(value).filter((one) => one !== undefined))
}
