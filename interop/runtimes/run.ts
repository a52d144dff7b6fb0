import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Outcome } from './program/configuration.ts'
import type { Command } from './runtimes.ts'

const LONGEST = 60_000

/** Runs the program to its end; it writes nothing but its outcome. */
export async function run({ file, args, env }: Command): Promise<Outcome> {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST, killSignal: 'SIGKILL' })
  try {
    const [output, complaints, status] = await Promise.all([text(child.stdout), text(child.stderr), statusOf(child)])
    if (status !== 0 || output === '') {
      throw new Error(`${file} ended with status ${String(status)}\n${complaints}`)
    }
    // main.ts and worker.ts write a value of this type
    return JSON.parse(output) as Outcome
  } finally {
    child.kill('SIGKILL')
  }
}

function statusOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
}
