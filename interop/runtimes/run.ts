import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Command } from './runtimes.ts'
import type { Line, Refused, SignedIn } from './sign-in.ts'

const LONGEST = 30_000

/** Runs the sign-in program to its end, and tells the person's device when it waits for the person. */
export async function run(
  { file, args, env }: Command,
  onWaiting: (authReqId: string) => Promise<void>,
): Promise<SignedIn | Refused> {
  const child = spawn(file, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST,
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const complaints: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  let outcome: SignedIn | Refused | undefined
  for await (const text of createInterface(child.stdout)) {
    // the program writes nothing else
    const line = JSON.parse(text) as Line
    if ('waitsFor' in line) {
      await onWaiting(line.waitsFor)
    } else {
      outcome = line
    }
  }
  const status = await ended
  if (status !== 0 || outcome === undefined) {
    throw new Error(`${file} ended with status ${status}\n${complaints.join('')}`)
  }
  return outcome
}
