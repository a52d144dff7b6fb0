// Several processes over one Redis and one simulated authorization server, which is in the process of the tests.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import {
  type SimulatedServer,
  simulatedServer,
  type SimulatedServerOptions,
} from '../../packages/backchannel/src/testing/simulated-server.ts'
import { systemClock } from '../../packages/backchannel/src/settings/system-clock.ts'
import { close, portOf } from '../ciba/bare-provider.ts'
import type { ChildTask, Request as ChildRequest, Told } from './child-protocol.ts'

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url))

/** A process that shares the transactions. */
export interface Sharer {
  readonly process: ChildProcess
  /** The types of its events, in their order. */
  readonly events: readonly string[]
  /** Asks it to do something; rejects with the code of what it was refused with. */
  ask<Result>(request: ChildRequest): Promise<Result>
  /** Resolves when it has had an event of that type. */
  has(event: string): Promise<void>
  kill(): Promise<void>
}

export interface Shared {
  readonly server: SimulatedServer
  /** Starts a process; the clock of it may be ahead of that of the machine, by so many milliseconds. */
  join(ahead?: number): Promise<Sharer>
  /** Gives the callback of the server to a process, and gives the status of the answer. */
  callBack(sharer: Sharer, callback: Request): Promise<number>
  close(): Promise<void>
}

let count = 0

/** @param redisUrl Where Redis is. */
export async function share(redisUrl: string, options: Partial<SimulatedServerOptions> = {}): Promise<Shared> {
  const { mode = 'poll' } = options
  const server = simulatedServer({ clock: systemClock, interval: 1, expiresIn: 600, ...options, mode })
  const http = createServer((incoming, outgoing) => {
    void (async () => {
      const body = new URLSearchParams(await textOf(incoming))
      const answer = await server.fetch(`https://op.example.com${incoming.url}`, { body })
      if (incoming.url === '/backchannel') letPoll(server)
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
    })().catch(() => outgoing.destroy())
  })
  const origin = `http://127.0.0.1:${await portOf(http)}`
  const prefix = `{shared-${count++}}`
  const sharers: Sharer[] = []

  return {
    server,
    async join(ahead = 0) {
      const sharer = await begin({ as: server.as, mode, origin, url: redisUrl, prefix, lockDuration: 1, ahead })
      sharers.push(sharer)
      return sharer
    },
    async callBack(sharer, callback) {
      const headers = Object.fromEntries(callback.headers)
      return await sharer.ask({ do: 'callback', url: callback.url, headers, body: await callback.text() })
    },
    async close() {
      await Promise.all(sharers.map((sharer) => sharer.kill()))
      http.closeAllConnections()
      await close(http)
    },
  }
}

/** How long the acknowledgement was on its way is not the client's to know: the interval is between token requests. */
function letPoll({ authentications }: SimulatedServer): void {
  const last = authentications.at(-1)
  if (last !== undefined) last.lastRequestAt = 0
}

async function begin(task: ChildTask): Promise<Sharer> {
  // it runs the build, and not the sources as the tests do
  const child = fork(CHILD, [JSON.stringify(task)], { execArgv: [] })
  const events: string[] = []
  const heard = new Set<() => void>()
  const asked = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  let number = 0

  child.on('message', (message) => {
    // the child sends nothing else
    const told = message as Told
    if ('event' in told) {
      events.push(told.event)
      for (const look of [...heard]) look()
      return
    }
    const waiting = asked.get(told.to)
    asked.delete(told.to)
    if ('code' in told) waiting?.reject(new Error(told.code))
    // what comes back is what was asked for
    else waiting?.resolve(told.result as never)
  })
  child.on('exit', () => {
    for (const { reject } of asked.values()) reject(new Error('the process has ended'))
  })

  const sharer: Sharer = {
    process: child,
    events,
    ask: (request) =>
      new Promise((resolve, reject) => {
        asked.set(++number, { resolve, reject })
        child.send({ ...request, number })
      }),
    async has(event) {
      if (events.includes(event)) return
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!events.includes(event)) return
          heard.delete(look)
          resolve()
        }
        heard.add(look)
      })
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
  await sharer.has('open')
  return sharer
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text
}
