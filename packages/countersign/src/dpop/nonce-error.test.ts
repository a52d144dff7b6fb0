import { describe, expect, it } from 'vitest'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import {
  type WWWAuthenticateChallenge,
  WWWAuthenticateChallengeError,
} from '../errors/www-authenticate-challenge-error.ts'
import { json } from '../testing/answers.ts'
import { isDPoPNonceError } from './nonce-error.ts'

const MESSAGE = 'use_dpop_nonce'

function bodyError(error: string, status = 400): ResponseBodyError {
  return new ResponseBodyError(MESSAGE, { cause: { error }, response: json({}, status) })
}

function challengeError(...cause: WWWAuthenticateChallenge[]): WWWAuthenticateChallengeError {
  return new WWWAuthenticateChallengeError(MESSAGE, { cause, response: json({}, 401) })
}

describe('a demand for a nonce', () => {
  it.each([400, 401])('is the error of an authorization server, with status %d (RFC 9449 8)', (status) => {
    expect(isDPoPNonceError(bodyError('use_dpop_nonce', status))).toBe(true)
  })

  it('is the challenge of a protected resource (RFC 9449 9)', () => {
    expect(isDPoPNonceError(challengeError({ scheme: 'dpop', parameters: { error: 'use_dpop_nonce' } }))).toBe(true)
  })

  it('is one challenge among several (RFC 9110 11.6.1)', () => {
    const error = challengeError(
      { scheme: 'bearer', parameters: {} },
      { scheme: 'dpop', parameters: { error: 'invalid_token' } },
      { scheme: 'dpop', parameters: { error: 'use_dpop_nonce', algs: 'ES256' } },
    )
    expect(isDPoPNonceError(error)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['another error of the server', bodyError('invalid_dpop_proof')],
    ['an error in another case', bodyError('USE_DPOP_NONCE')],
    ['a challenge without an error', challengeError({ scheme: 'dpop', parameters: {} })],
    ['a challenge for another reason', challengeError({ scheme: 'dpop', parameters: { error: 'invalid_token' } })],
    ['a challenge of another scheme', challengeError({ scheme: 'bearer', parameters: { error: 'use_dpop_nonce' } })],
    ['no challenge', challengeError()],
    ['a refusal', new OperationProcessingError(MESSAGE, { code: 'use_dpop_nonce' })],
    ['what is not supported', new UnsupportedOperationError(MESSAGE)],
    [
      'another error',
      Object.assign(new Error(MESSAGE), { error: 'use_dpop_nonce', code: 'OAUTH_RESPONSE_BODY_ERROR' }),
    ],
    ['an object that looks like one', { error: 'use_dpop_nonce', code: 'OAUTH_RESPONSE_BODY_ERROR' }],
    ['a text', 'use_dpop_nonce'],
    ['null', null],
    ['nothing', undefined],
  ])('is not %s', (_title, error) => {
    expect(isDPoPNonceError(error)).toBe(false)
  })
})
