import process from 'node:process'

/**
 * Tells a listener of the application. What it throws, or rejects with, is its own fault, and becomes a warning of the
 * process: it keeps nothing from the others, and ends no process in which approvals are on their way.
 */
export function tell<What>(listener: (what: What) => unknown, what: What): void {
  try {
    const result = listener(what)
    if (result instanceof Promise) result.catch(warn)
  } catch (error) {
    warn(error)
  }
}

function warn(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : 'something was thrown that is no error'
  process.emitWarning(`a listener of a backchannel has failed: ${text}`, 'BackchannelWarning')
}
