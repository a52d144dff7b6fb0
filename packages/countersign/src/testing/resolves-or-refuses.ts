import { inspect } from 'node:util'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { rejectionOf } from './refuses.ts'

const OURS = [OperationProcessingError, UnsupportedOperationError, ResponseBodyError, WWWAuthenticateChallengeError]

/** Milliseconds after which something counts as hanging. */
const PATIENCE = 3000

/**
 * Asserts that something ends, and that it resolves, or rejects with an error of this library which a log can take.
 *
 * @returns `true` where it resolved.
 */
export async function resolvesOrRefuses(act: () => Promise<unknown>): Promise<boolean> {
  const error = await inTime(() => rejectionOf(act))
  if (error === undefined) return true
  if (!OURS.some((errorClass) => error instanceof errorClass)) {
    throw new Error(`rejected with no error of this library: ${inspect(error)}`, { cause: error })
  }
  inspect(error, { depth: 12 })
  JSON.stringify(error)
  return false
}

async function inTime<T>(act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end in ${PATIENCE} ms`)), PATIENCE)
  })
  try {
    return await Promise.race([act(), late])
  } finally {
    clearTimeout(timer)
  }
}
