import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INVALID_RESPONSE, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { json } from '../testing/answers.ts'
import { answerOf, refusal, specOf } from './refusal.ts'
import { type Rule, rule } from './rule.ts'

const RULE: Rule = rule('jwt.exp-time', 'RFC 7519', '4.1.4')
const UNTRACED = { trace: undefined }

/** An answer that came from a URL, which only fetch can give one. */
function answerFrom(url: string, response: Response): Response {
  return Object.defineProperty(response, 'url', { value: url })
}

describe('refusal', () => {
  it.each([
    ['UnsupportedOperationError', UnsupportedOperationError, UNSUPPORTED_OPERATION],
    ['OperationProcessingError', OperationProcessingError, INVALID_RESPONSE],
  ] as const)('is an %s by its code', (name, errorClass, code) => {
    const error = refusal(UNTRACED, { ...RULE, code }, 'a', 'b')
    expect(error.constructor).toBe(errorClass)
    expect(error).toMatchObject({ name, code })
  })

  it('carries the rule, its paragraph, what was expected and what came, all enumerable', () => {
    const error = refusal(UNTRACED, RULE, 'after 5', 4)
    expect({ ...error }).toMatchObject({
      rule: 'jwt.exp-time',
      spec: { document: 'RFC 7519', section: '4.1.4' },
      expected: 'after 5',
      actual: 4,
    })
  })

  it('carries the endpoint, the status and the content type of the answer', () => {
    const response = answerFrom('https://op.example.com/token', json({}, 503, { 'content-type': 'text/html' }))
    expect({ ...refusal({ trace: undefined, response }, RULE, 1, 2) }).toMatchObject({
      endpoint: 'https://op.example.com/token',
      status: 503,
      contentType: 'text/html',
    })
  })

  it.each([
    ['body', 'attribute'],
    ['claims', 'claim'],
    ['header', 'parameter'],
  ] as const)('keeps the %s under validation in its cause, named and out of the reach of loggers', (kind, member) => {
    const value = { access_token: 'hunter2' }
    const { cause } = refusal({ trace: undefined, document: { kind, value } }, RULE, 1, 2)
    expect(cause).toEqual({ [member]: 'exp', expected: 1, actual: 2 })
    expect(cause).toHaveProperty(kind, value)
    expect(Object.keys(Object(cause))).not.toContain(kind)
  })

  it('has particulars in its cause, beside its members and in their place, out of the reach of loggers', () => {
    const document = { kind: 'claims', value: {} } as const
    const particulars = { expected: 'hunter2', now: 5, ['__proto__']: 1 }
    const { cause } = refusal({ trace: undefined, document, particulars }, RULE, 'a description', 2)
    expect(cause).toMatchObject({ claim: 'exp', expected: 'hunter2', actual: 2, now: 5 })
    expect(Object.keys(Object(cause))).toEqual(['claim', 'actual'])
    expect(inspect(cause)).not.toContain('hunter2')
    expect(JSON.stringify(cause)).not.toContain('hunter2')
  })

  it('has the answer for its cause where there is no document', () => {
    const response = json({})
    expect(refusal({ trace: undefined, response }, RULE, 1, 2).cause).toBe(response)
  })

  it('has the failure underneath for its cause where there is one', () => {
    const cause = new Error('connection lost')
    expect(refusal({ trace: undefined, response: json({}), cause }, RULE, 1, 2).cause).toBe(cause)
  })

  it('has what was compared for its cause where there is nothing else', () => {
    expect(refusal(UNTRACED, RULE, 1, 2).cause).toEqual({ expected: 1, actual: 2 })
  })

  it('has no control character in its message, whatever the server sent', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'\n\r\u001b\u007f\u0085\u009b"') }),
    )
    fc.assert(
      fc.property(fc.oneof(nasty, fc.array(nasty), fc.dictionary(nasty, nasty)), nasty, (actual, expected) => {
        const { message } = refusal(UNTRACED, RULE, expected, actual)
        expect(message).not.toMatch(/\p{Cc}/u)
      }),
    )
  })

  it('has a message of bounded length, however much the server sent', () => {
    expect(refusal(UNTRACED, RULE, 'x'.repeat(10_000), 'y'.repeat(10_000)).message.length).toBeLessThan(1000)
  })

  it('says what is wrong also where nothing was compared, or nothing came', () => {
    expect(refusal(UNTRACED, RULE, undefined, undefined).message).not.toContain('undefined')
    expect(refusal(UNTRACED, RULE, 'a text', undefined).message).not.toContain('undefined')
  })
})

describe('answerOf', () => {
  it('is empty without an answer', () => {
    expect(answerOf(undefined)).toEqual({})
  })

  it('has no endpoint where the answer was not fetched, and null for a content type that is missing', () => {
    expect(answerOf(new Response(null, { status: 204 }))).toEqual({ status: 204, contentType: null })
  })
})

it('cites the paragraph of a rule', () => {
  expect(specOf(RULE)).toEqual({ document: 'RFC 7519', section: '4.1.4' })
})
