// Starts the programs of the benchmark, and speaks with them.
import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url))

export async function startServer(interval) {
  const child = fork(pathOf('server.mjs'), [String(interval)])
  const [{ port }] = await once(child, 'message')
  return {
    origin: `http://127.0.0.1:${port}`,
    approveWithin: (seconds) => child.send({ approveWithin: seconds }),
    async counts() {
      child.send({})
      const [{ counts }] = await once(child, 'message')
      return counts
    },
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Starts a client; the listener is told what it tells by itself. */
export async function startClient(task, listener) {
  const child = fork(pathOf('client.mjs'), [JSON.stringify(task)], { execArgv: ['--expose-gc'] })
  const waiting = new Map()
  let number = 0
  const opened = once(child, 'message')
  child.on('message', (message) => {
    if (message.number === undefined) return listener(message)
    waiting.get(message.number)(message.result)
    waiting.delete(message.number)
  })
  await opened
  return {
    ask: (request, given = {}) =>
      new Promise((resolve) => {
        waiting.set(++number, resolve)
        child.send({ ...given, number, request })
      }),
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** @returns Undefined where there is no redis-server. */
export async function startRedis(folder) {
  try {
    execFileSync('redis-server', ['--version'])
  } catch {
    return undefined
  }
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  const settings = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '']
  const child = spawn('redis-server', settings.map(String), { stdio: 'ignore' })
  while (!(await answers(port))) await delay(50)
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function answers(port) {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
