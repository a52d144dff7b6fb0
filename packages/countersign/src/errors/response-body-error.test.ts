import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { json } from '../testing/answers.ts'
import { RESPONSE_BODY_ERROR } from './codes.ts'
import { ResponseBodyError } from './response-body-error.ts'

const cause = { error: 'access_denied', error_description: 'the person said no', hint: 'ask again' }

describe('ResponseBodyError', () => {
  it('gives the server’s error by its members (RFC 6749 section 5.2)', () => {
    const response = json(cause, 400)
    const error = new ResponseBodyError('message', { cause, response })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'ResponseBodyError',
      code: RESPONSE_BODY_ERROR,
      error: 'access_denied',
      error_description: 'the person said no',
      status: 400,
    })
    expect(error.cause).toBe(cause)
    expect(error.response).toBe(response)
  })

  it('has error_description also where the server gives none: undefined', () => {
    const error = new ResponseBodyError('message', { cause: { error: 'slow_down' }, response: json({}, 400) })
    expect(Object.hasOwn(error, 'error_description')).toBe(true)
    expect(error.error_description).toBeUndefined()
  })

  it('keeps the answer, and its Set-Cookie, out of what is logged', () => {
    const response = json(cause, 400, { 'set-cookie': 'session=hunter2' })
    const error = new ResponseBodyError('message', { cause, response })
    expect(Object.keys(error)).not.toContain('response')
    expect(inspect(error, { depth: 10 })).not.toContain('hunter2')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  it('takes status from the answer, whatever the evidence says', () => {
    const error = new ResponseBodyError('message', { cause, response: json(cause, 401), evidence: { status: 200 } })
    expect(error.status).toBe(401)
  })
})
