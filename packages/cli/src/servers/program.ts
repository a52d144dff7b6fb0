// A server of another language: a program in a folder and on a port of its own, both gone when it is stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { listen } from '../listen.ts'

/** How it is started, once its folder has what it reads. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningProgram {
  readonly port: string
  stop(): Promise<void>
}

/** Of util-linux, which every Debian has. */
const SETPRIV = '/usr/bin/setpriv'

const STARTING = 20_000
const ENDING = 5_000

/**
 * Resolves when somebody answers on the port; what the program printed is in the error when nobody does.
 *
 * @param wantedPort The port of one that was stopped; any that is free where absent.
 */
export async function startProgram(
  prepare: (folder: string, port: string) => Promise<Command>,
  wantedPort?: string,
): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  const port = wantedPort ?? (await freePort())
  const logFile = join(folder, 'printed')
  const log = await open(logFile, 'w')
  try {
    const child = start(await prepare(folder, port), folder, log)
    if (!(await listens(port, child))) {
      await end(child)
      throw new Error(`it does not listen: ${child.spawnargs.join(' ')}: ${await readFile(logFile, 'utf8')}`)
    }
    return {
      port,
      async stop() {
        await end(child)
        await rm(folder, { recursive: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  } finally {
    await log.close()
  }
}

/** For programs that take no port 0: one that was free a moment ago. */
export async function freePort(): Promise<string> {
  const { origin, close } = await listen()
  await close()
  return new URL(origin).port
}

function start({ command, args, env }: Command, cwd: string, log: FileHandle): ChildProcess {
  // a test run that is broken off leaves nothing behind: the kernel ends the program with the process that started it
  const tied = ['--pdeathsig', 'KILL', command, ...args]
  return spawn(SETPRIV, tied, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log.fd, log.fd] })
}

async function listens(port: string, child: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + STARTING
  while (Date.now() < deadline && child.exitCode === null) {
    const socket = connect(Number(port), '127.0.0.1')
    try {
      await once(socket, 'connect')
      return true
    } catch {
      // refused as long as nobody listens
      await delay(50)
    } finally {
      socket.destroy()
    }
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), ENDING)
  await ended
  clearTimeout(impatient)
}
