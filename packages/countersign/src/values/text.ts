import { newBytes } from './bytes.ts'

let encoder: TextEncoder | undefined
let decoder: TextDecoder | undefined

/** UTF-8 bytes of a string. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  encoder ??= new TextEncoder()
  // most texts are ASCII, and no other one fits
  const bytes = newBytes(text.length)
  return encoder.encodeInto(text, bytes).read === text.length ? bytes : encoder.encode(text)
}

/** The string that UTF-8 bytes stand for, without a byte order mark; `undefined` for bytes that are no UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  decoder ??= new TextDecoder('utf-8', { fatal: true })
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** Tells a string of one character or more. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
