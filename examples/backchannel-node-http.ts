// Takes the callbacks of CIBA's ping and push mode with node:http.
import type { RequestListener } from 'node:http'
import type { Backchannel } from '@countersign/backchannel'
import { listenerOf } from './node-http.ts'

/** For `createServer()` of node:https, or of node:http behind a proxy that speaks TLS (CIBA Core §9). */
export function listener(signIns: Backchannel): RequestListener {
  const notifications = listenerOf(signIns.handler)
  return (incoming, outgoing) => {
    if (incoming.url === '/notifications') notifications(incoming, outgoing)
    else outgoing.writeHead(404).end()
  }
}
