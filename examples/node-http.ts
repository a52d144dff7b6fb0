// Serves a handler in the style of fetch, Request in and Response out, with node:http or node:https.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

export type Handler = (request: Request) => Promise<Response>

/** For `createServer()` of node:http and node:https. */
export function listenerOf(handler: Handler): RequestListener {
  return (incoming, outgoing) => {
    void answer(handler, incoming).then((response) => send(response, incoming, outgoing))
  }
}

async function answer(handler: Handler, incoming: IncomingMessage): Promise<Response> {
  try {
    return await handler(requestOf(incoming))
  } catch (error) {
    console.error(error)
    return new Response(null, { status: 500 })
  }
}

function requestOf(incoming: IncomingMessage): Request {
  const { method = 'GET', rawHeaders, url = '/' } = incoming
  const headers = new Headers()
  // node would drop a second Authorization; this way it is seen that there are two
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '')
  }
  const hasBody = method !== 'GET' && method !== 'HEAD'
  // read when the handler reads it, and only as far as it does; fetch demands duplex for a stream
  const body = hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' } : {}
  const init: object = { method, headers, ...body }
  return new Request(new URL(url, 'https://localhost'), init)
}

async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status
  response.headers.forEach((value, name) => outgoing.appendHeader(name, value))
  // the rest of a body that the handler did not want is not waited for
  if (!incoming.complete) outgoing.setHeader('connection', 'close')
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
