// Takes the callbacks of CIBA's ping and push mode with Hono, in Node by @hono/node-server.
import type { Backchannel } from '@countersign/backchannel'
import { Hono } from 'hono'

/** To be served by `serve({ fetch: app(signIns).fetch })` of @hono/node-server. */
export function app(signIns: Backchannel): Hono {
  const hono = new Hono()
  // every method, so that the wrong one is answered as it should be
  hono.all('/notifications', ({ req }) => signIns.handler(req.raw))
  return hono
}
