import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { json } from '../testing/answers.ts'
import { WWW_AUTHENTICATE_CHALLENGE } from './codes.ts'
import { type WWWAuthenticateChallenge, WWWAuthenticateChallengeError } from './www-authenticate-challenge-error.ts'

const cause: WWWAuthenticateChallenge[] = [{ scheme: 'bearer', parameters: { error: 'invalid_token' } }]

describe('WWWAuthenticateChallengeError', () => {
  it('gives the challenges and the answer’s status (RFC 9110 section 11.6.1)', () => {
    const response = json({}, 401)
    const error = new WWWAuthenticateChallengeError('message', { cause, response })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'WWWAuthenticateChallengeError',
      code: WWW_AUTHENTICATE_CHALLENGE,
      status: 401,
    })
    expect(error.cause).toBe(cause)
    expect(error.response).toBe(response)
  })

  it('keeps the answer, and its Set-Cookie, out of what is logged', () => {
    const response = json({}, 401, { 'set-cookie': 'session=hunter2' })
    const error = new WWWAuthenticateChallengeError('message', { cause, response })
    expect(Object.keys(error)).not.toContain('response')
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })
})
