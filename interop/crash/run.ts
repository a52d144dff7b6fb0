// Runs a scenario once to count the points, then once for each point with the client killed there and started again.
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { startLoopbackServer } from './loopback-server.ts'
import type { ChildTask, Scenario } from './scenario.ts'

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url))

/** One second of a transaction takes that many times less. */
const SPEED = 5

/** A client that has nothing to tell after this time hangs, in milliseconds. */
const PATIENCE = 60_000

type Message =
  | { readonly type: 'killed' | 'point'; readonly count: number; readonly label: string }
  | { readonly type: 'not-taken'; readonly code: string }
  | { readonly type: 'outcome'; readonly outcome: { readonly status: string; readonly DPoP: boolean } }
  | { readonly type: 'ready'; readonly port: number }

/** What came of a run. */
export interface Run {
  /** Where the client was killed; `undefined` where it was not. */
  readonly killed: string | undefined
  /** The points that the first client passed, the one of its end included. */
  readonly points: readonly string[]
  /** Every outcome that a client was given. */
  readonly outcomes: readonly { readonly status: string; readonly DPoP: boolean }[]
  /** The code with which the last client was refused the outcome. */
  readonly notTaken: string | undefined
  readonly misconduct: readonly string[]
  readonly authentications: number
  /** Whether a callback was answered with 204. */
  readonly delivered: boolean
}

/**
 * Runs a scenario, with the client killed at a point and started again, or not.
 *
 * @param execPath The Node that the client runs in.
 */
export async function run(scenario: Scenario, killAt?: number, execPath = process.execPath): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-crash-'))
  const epoch = Date.now()
  const server = await startLoopbackServer(scenario, () => epoch + (Date.now() - epoch) * SPEED)
  const { origin } = server
  const task: ChildTask = { folder, origin, speed: SPEED, epoch, mode: scenario.mode, dpop: scenario.dpop ?? false }
  const messages: Message[] = []
  const life = (more: Partial<ChildTask>) =>
    live(execPath, { ...task, ...more }, (message) => {
      messages.push(message)
      if (message.type === 'ready') server.clientPort = message.port
      if (message.type === 'killed') server.clientPort = undefined
    })
  try {
    await life(killAt === undefined ? {} : { killAt })
    const points = messages.flatMap((message) => (message.type === 'point' ? [message.label] : []))
    if (killAt !== undefined) await life({})
    return {
      killed: messages.flatMap((message) => (message.type === 'killed' ? [message.label] : []))[0],
      points,
      outcomes: messages.flatMap((message) => (message.type === 'outcome' ? [message.outcome] : [])),
      notTaken: messages.flatMap((message) => (message.type === 'not-taken' ? [message.code] : []))[0],
      misconduct: server.misconduct,
      authentications: server.authentications(),
      delivered: server.isDelivered(),
    }
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

/** One life of the client, to its end of either sort. */
async function live(execPath: string, task: ChildTask, listener: (message: Message) => void): Promise<void> {
  const child = fork(CHILD, [JSON.stringify(task)], {
    // the client runs the build, and not the sources as the tests do
    execPath,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  // the child sends nothing else
  child.on('message', (message) => listener(message as Message))
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once('exit', (code, signal) => resolve([code, signal]))
  })
  clearTimeout(timer)
  const asked = task.killAt !== undefined && signal === 'SIGKILL'
  if (code !== 0 && !asked) throw new Error(`the client ended with ${signal ?? code}`)
}

/** Does something for each number up to a count, some at a time. */
export async function inParallel(count: number, width: number, act: (number: number) => Promise<void>): Promise<void> {
  let next = 1
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next <= count) await act(next++)
    }),
  )
}
