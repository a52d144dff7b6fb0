import { describe, expect, it } from 'vitest'
import { JWT_CLAIM_COMPARISON, UNSUPPORTED_OPERATION } from '../errors/codes.ts'
import { OperationProcessingError } from '../errors/operation-processing-error.ts'
import { UnsupportedOperationError } from '../errors/unsupported-operation-error.ts'
import { check as observedCheck, withoutRule } from '../testing/observed-check.ts'
import { rejectionOf } from '../testing/refuses.ts'
// the published one, which in all other tests the observed one stands in for
import { check } from './check.ts'
import { rule } from './rule.ts'
import type { CheckEvent } from './trace.ts'

const COMPARISON = rule('id-token.iss', 'OpenID Connect Core 1.0', '3.1.3.7 (2)', JWT_CLAIM_COMPARISON)
const SUPPORT = rule('jwt.crit', 'RFC 7515', '4.1.11', UNSUPPORTED_OPERATION)
const UNTRACED = { trace: undefined }

describe('check', () => {
  it.each([[true], [1], ['text'], [{}]])('goes on when the condition is %j', (condition) => {
    expect(check(UNTRACED, COMPARISON, condition, 'a', 'b')).toBeUndefined()
  })

  it.each([[false], [0], [''], [null], [undefined], [NaN]])('throws when the condition is %j', async (condition) => {
    const error = await rejectionOf(() => check(UNTRACED, COMPARISON, condition, 'a', 'b'))
    expect(error).toBeInstanceOf(OperationProcessingError)
    expect(error).toMatchObject({
      code: JWT_CLAIM_COMPARISON,
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      expected: 'a',
      actual: 'b',
    })
  })

  it('throws the error class of what is not supported by that code', async () => {
    const error = await rejectionOf(() => check(UNTRACED, SUPPORT, false))
    expect(error).toBeInstanceOf(UnsupportedOperationError)
    expect(error).toMatchObject({ code: UNSUPPORTED_OPERATION, rule: 'jwt.crit' })
  })

  it('tells the trace of a check before it throws', async () => {
    const events: CheckEvent[] = []
    const context = { trace: (event: CheckEvent) => events.push(event) }
    check(context, SUPPORT, 'truthy', 'missing', 'missing')
    await rejectionOf(() => check(context, COMPARISON, undefined, 'a', 'b'))
    expect(events).toEqual([
      {
        rule: 'jwt.crit',
        spec: { document: 'RFC 7515', section: '4.1.11' },
        passed: true,
        expected: 'missing',
        actual: 'missing',
      },
      {
        rule: 'id-token.iss',
        spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
        passed: false,
        expected: 'a',
        actual: 'b',
      },
    ])
  })

  it('has no switch that turns it off: only the stand-in of the tests can suspend a rule', async () => {
    await withoutRule(COMPARISON, async () => {
      expect(await rejectionOf(() => observedCheck(UNTRACED, COMPARISON, false))).toBeUndefined()
      expect(await rejectionOf(() => check(UNTRACED, COMPARISON, false))).toBeInstanceOf(OperationProcessingError)
    })
  })
})

describe('the stand-in of the tests', () => {
  it.each([[true], [false]])('does what the published one does when the condition is %j', async (condition) => {
    const seen: unknown[] = []
    const observed: unknown[] = []
    const error = await rejectionOf(() => check({ trace: (event) => seen.push(event) }, SUPPORT, condition, 1, 2))
    const observedError = await rejectionOf(() =>
      observedCheck({ trace: (event) => observed.push(event) }, SUPPORT, condition, 1, 2),
    )
    expect(observed).toEqual(seen)
    expect(observedError).toEqual(error)
  })
})
