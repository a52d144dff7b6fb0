import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Command } from './runtimes.ts'
import type { Line, Refused, SignedIn } from './sign-in.ts'

const LONGEST = 30_000

/** Runs the sign-in program to its end, and tells the person's device when it waits for the person. */
export async function run(
  { file, args, env }: Command,
  onWaiting: (authReqId: string) => Promise<void>,
): Promise<SignedIn | Refused> {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST, killSignal: 'SIGKILL' })
  try {
    const [outcome, complaints, status] = await Promise.all([
      outcomeOf(child.stdout, onWaiting),
      textOf(child.stderr),
      statusOf(child),
    ])
    if (status !== 0 || outcome === undefined) {
      throw new Error(`${file} ended with status ${String(status)}\n${complaints}`)
    }
    return outcome
  } finally {
    child.kill('SIGKILL')
  }
}

async function outcomeOf(
  output: Readable,
  onWaiting: (authReqId: string) => Promise<void>,
): Promise<SignedIn | Refused | undefined> {
  let outcome: SignedIn | Refused | undefined
  for await (const text of createInterface(output)) {
    // the program writes nothing else
    const line = JSON.parse(text) as Line
    if ('waitsFor' in line) {
      await onWaiting(line.waitsFor)
    } else {
      outcome = line
    }
  }
  return outcome
}

async function textOf(output: Readable): Promise<string> {
  return (await output.setEncoding('utf8').toArray()).join('')
}

function statusOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
}
