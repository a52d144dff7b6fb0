// Redis as Debian has it, with its append-only file in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { assertInstalled, type Command, type PackagedServer, startProgram } from '@countersign/cli/servers'
import { isServerLeftOut } from './packaged.ts'

const REDIS_SERVER = '/usr/bin/redis-server'

const REDIS: PackagedServer = { name: 'Redis', files: [REDIS_SERVER], packages: ['redis-server'] }

export const isRedisLeftOut = (): boolean => isServerLeftOut(REDIS)

export interface RunningRedis {
  readonly url: string
  /** Ends it for so many milliseconds, and starts it again at the same address with what it had stored. */
  restart(pause: number): Promise<void>
  stop(): Promise<void>
}

/** @param appendonly Whether it keeps what it is given. */
export async function startRedis({ appendonly = true } = {}): Promise<RunningRedis> {
  assertInstalled(REDIS)
  const folder = await mkdtemp(join(tmpdir(), 'countersign-redis-'))
  const start = (samePort?: string) =>
    startProgram(async (_folder, port) => command(folder, port, appendonly), samePort)
  let running = await start()
  return {
    url: `redis://127.0.0.1:${running.port}`,
    async restart(pause) {
      await running.stop()
      await delay(pause)
      running = await start(running.port)
    },
    async stop() {
      await running.stop()
      await rm(folder, { recursive: true })
    },
  }
}

function command(folder: string, port: string, appendonly: boolean): Command {
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: appendonly ? 'yes' : 'no', save: '' }
  return { command: REDIS_SERVER, args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]) }
}
