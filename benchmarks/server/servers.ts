import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What decides about a request. */
export type Kind = 'no validation' | 'countersign' | 'countersign, sync' | 'oauth4webapi'

/** A server that runs. */
export interface Server {
  readonly kind: Kind
  readonly url: string
  stop(): Promise<void>
}

/** Starts a server of a kind in a process of its own, with the metadata and the key that tokens are validated by. */
export async function startServer(kind: Kind, validation: object): Promise<Server> {
  const program = fileURLToPath(new URL('server.mjs', import.meta.url))
  const child = fork(program, [JSON.stringify({ kind, ...validation })])
  const ended = once(child, 'exit').then((): never => {
    throw new Error(`the server with ${kind} has ended`)
  })
  // a message is whatever the child sends, and this is what it sends
  const [{ port }] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }]
  return {
    kind,
    url: `http://127.0.0.1:${port}/accounts`,
    async stop() {
      child.disconnect()
      await ended.catch(() => undefined)
    },
  }
}
