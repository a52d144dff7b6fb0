const METHODS = ['arrayBuffer', 'blob', 'bytes', 'clone', 'formData', 'json', 'text'] as const
const PROPERTIES = ['body', 'bodyUsed'] as const

/** Whether an answer can get its body back: one that is frozen cannot, and one of another realm may be anything. */
export function takesBodyBack(response: Response): boolean {
  return response instanceof Response && Object.isExtensible(response)
}

/**
 * Gives an answer its body back after it was read, for the caller to read. Looking into a copy that the answer was split off
 * first would leave it untouched, but costs each pending poll as much as everything else about it.
 *
 * @param bytes What the body was; a copy of it is given back.
 */
export function returnBody(response: Response, bytes: Uint8Array<ArrayBuffer>): void {
  const { status, statusText, headers } = response
  const unread = new Response(bytes, { status, statusText, headers })
  for (const name of METHODS) {
    // not every runtime has all of them
    if (name in unread) Object.defineProperty(response, name, { value: () => unread[name](), configurable: true })
  }
  for (const name of PROPERTIES) Object.defineProperty(response, name, { get: () => unread[name], configurable: true })
}
