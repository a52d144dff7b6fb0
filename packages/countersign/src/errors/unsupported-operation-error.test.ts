import { describe, expect, it } from 'vitest'
import { UNSUPPORTED_OPERATION } from './codes.ts'
import { OperationProcessingError } from './operation-processing-error.ts'
import { UnsupportedOperationError } from './unsupported-operation-error.ts'

describe('UnsupportedOperationError', () => {
  it('is an Error of its own class, none of the other classes', () => {
    const error = new UnsupportedOperationError('message')
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(OperationProcessingError)
    expect(String(error)).toBe('UnsupportedOperationError: message')
  })

  it('has name and code as its own enumerable properties', () => {
    const error = new UnsupportedOperationError('message', { cause: 'why' })
    expect(new Set(Object.keys(error))).toEqual(new Set(['name', 'code']))
    expect(error).toMatchObject({ name: 'UnsupportedOperationError', code: UNSUPPORTED_OPERATION, cause: 'why' })
  })

  it('has one code, whatever the options say', () => {
    const options = { cause: undefined, code: 'OAUTH_INVALID_RESPONSE' }
    expect(new UnsupportedOperationError('message', options).code).toBe(UNSUPPORTED_OPERATION)
  })

  it('carries evidence', () => {
    const evidence = { rule: 'jwt.crit', expected: 'missing', actual: 'an array' }
    expect(new UnsupportedOperationError('message', { evidence })).toMatchObject(evidence)
  })
})
