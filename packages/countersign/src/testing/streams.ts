/** A body that arrives in parts; an error in their place breaks it off. */
export function bodyOf(...parts: readonly (Uint8Array | string | Error)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const rest = [...parts]
  return new ReadableStream({
    pull(controller) {
      const part = rest.shift()
      if (part === undefined) controller.close()
      else if (part instanceof Error) controller.error(part)
      else controller.enqueue(typeof part === 'string' ? encoder.encode(part) : part)
    },
  })
}

/** A body that never ends, and what became of it. */
export interface EndlessBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Bytes that were taken from it. */
  taken(): number
  /** Its reader has told that nothing more is wanted. */
  cancelled(): boolean
}

/** A body that never ends. */
export function endlessBody(): EndlessBody {
  let taken = 0
  let cancelled = false
  const part = new TextEncoder().encode(' '.repeat(65_536))
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken += part.byteLength
      controller.enqueue(part)
    },
    cancel() {
      cancelled = true
    },
  })
  return { stream, taken: () => taken, cancelled: () => cancelled }
}
