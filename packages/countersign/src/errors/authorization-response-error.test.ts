import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AuthorizationResponseError } from './authorization-response-error.ts'
import { AUTHORIZATION_RESPONSE_ERROR } from './codes.ts'

const cause = new URLSearchParams({
  error: 'access_denied',
  error_description: 'the person said no',
  code: 'code-4711',
  id_token: 'token-4711',
})

describe('AuthorizationResponseError', () => {
  it('gives the server’s error by its members (RFC 6749 4.1.2.1)', () => {
    const error = new AuthorizationResponseError('message', { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error.constructor).toBe(AuthorizationResponseError)
    expect(String(error)).toBe('AuthorizationResponseError: message')
    expect(error).toMatchObject({
      name: 'AuthorizationResponseError',
      code: AUTHORIZATION_RESPONSE_ERROR,
      error: 'access_denied',
      error_description: 'the person said no',
    })
    expect(error.cause).toBe(cause)
  })

  it('has its members as its own enumerable properties', () => {
    const error = new AuthorizationResponseError('message', { cause })
    expect(new Set(Object.keys(error))).toEqual(new Set(['name', 'code', 'error', 'error_description', 'cause']))
  })

  it('has error_description also where the server gives none: undefined', () => {
    const error = new AuthorizationResponseError('message', { cause: new URLSearchParams('error=login_required') })
    expect(Object.hasOwn(error, 'error_description')).toBe(true)
    expect(error.error_description).toBeUndefined()
  })

  it('keeps an error_description that is empty', () => {
    const given = new URLSearchParams('error=login_required&error_description=')
    expect(new AuthorizationResponseError('message', { cause: given }).error_description).toBe('')
  })

  it('has null for its error where it is made of parameters without one, as in oauth4webapi', () => {
    expect(new AuthorizationResponseError('message', { cause: new URLSearchParams() }).error).toBeNull()
  })

  it('carries evidence', () => {
    const evidence = { spec: { document: 'RFC 6749', section: '4.1.2.1' } }
    expect(new AuthorizationResponseError('message', { cause, evidence })).toMatchObject(evidence)
  })

  it('keeps a code or a token that came beside the error out of what is logged', () => {
    const error = new AuthorizationResponseError('message', { cause })
    expect(`${inspect(error, { depth: 10 })}${JSON.stringify(error)}${error.stack}`).not.toContain('4711')
  })
})
