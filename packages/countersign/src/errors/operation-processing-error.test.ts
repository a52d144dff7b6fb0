import { describe, expect, it } from 'vitest'
import { INVALID_RESPONSE } from './codes.ts'
import { OperationProcessingError } from './operation-processing-error.ts'

describe('OperationProcessingError', () => {
  it('is an Error of its own class', () => {
    const error = new OperationProcessingError('message')
    expect(error).toBeInstanceOf(Error)
    expect(error.constructor).toBe(OperationProcessingError)
    expect(String(error)).toBe('OperationProcessingError: message')
    expect(Object.prototype.toString.call(error)).toBe('[object Error]')
  })

  it('has name and code as its own enumerable properties, and keeps message, stack and cause out of them', () => {
    const error = new OperationProcessingError('message', { cause: 'why', code: INVALID_RESPONSE })
    expect(new Set(Object.keys(error))).toEqual(new Set(['name', 'code']))
    expect(error).toMatchObject({ name: 'OperationProcessingError', code: INVALID_RESPONSE, cause: 'why' })
    expect(error.stack).toContain('operation-processing-error.test')
  })

  it('has no cause of its own when none is given', () => {
    expect(Object.hasOwn(new OperationProcessingError('message'), 'cause')).toBe(false)
    expect(Object.hasOwn(new OperationProcessingError('message', { code: INVALID_RESPONSE }), 'cause')).toBe(false)
  })

  it('has a code also where none is given: undefined', () => {
    expect(Object.hasOwn(new OperationProcessingError('message'), 'code')).toBe(true)
    expect(new OperationProcessingError('message').code).toBeUndefined()
  })

  it('takes nothing but cause and code from its options', () => {
    const options = { cause: undefined, code: INVALID_RESPONSE, rule: 'somebody.else', name: 'Other' }
    const error = new OperationProcessingError('message', options)
    expect(error.name).toBe('OperationProcessingError')
    expect(error).not.toHaveProperty('rule')
  })

  it('carries evidence', () => {
    const spec = { document: 'RFC 7519', section: '4.1.1' }
    const evidence = { rule: 'jwt.iss', spec, expected: 'a', actual: 'b', endpoint: 'https://op.example.com/token' }
    expect(new OperationProcessingError('message', { evidence })).toMatchObject(evidence)
  })
})
