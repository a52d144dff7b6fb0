import { setTimeout } from 'node:timers/promises'

export type Decision = 'approve' | 'deny'

/** The parts of a terminal's input stream that reading a key needs. */
export interface Keyboard {
  setRawMode(raw: boolean): unknown
  resume(): unknown
  pause(): unknown
  on(event: 'data', listener: (keys: Buffer) => void): unknown
  off(event: 'data', listener: (keys: Buffer) => void): unknown
}

interface Waiting {
  /** The terminal's keyboard, if someone may be there to press a key. */
  readonly keyboard: Keyboard | undefined
  readonly seconds: number
  /** What the person decides without a key. */
  readonly otherwise: Decision
  readonly signal: AbortSignal
}

const CONTROL_C = '\u0003'

/** Waits for the key y or n, and at most the given seconds. */
export async function decisionOf({ keyboard, seconds, otherwise, signal }: Waiting): Promise<Decision> {
  if (!keyboard) {
    return await setTimeout(seconds * 1000, otherwise, { signal })
  }
  const decided = new AbortController()
  let decision = otherwise
  const onKeys = (keys: Buffer) => {
    const key = keys.toString().toLowerCase()
    if (key === CONTROL_C) {
      keyboard.setRawMode(false)
      process.kill(process.pid, 'SIGINT')
    }
    if (key === 'y' || key === 'n') {
      decision = key === 'y' ? 'approve' : 'deny'
      decided.abort()
    }
  }
  keyboard.setRawMode(true)
  keyboard.on('data', onKeys)
  keyboard.resume()
  try {
    await setTimeout(seconds * 1000, undefined, { signal: AbortSignal.any([signal, decided.signal]) })
  } catch (error) {
    if (!decided.signal.aborted) {
      throw error
    }
  } finally {
    keyboard.off('data', onKeys)
    keyboard.setRawMode(false)
    keyboard.pause()
  }
  return decision
}
