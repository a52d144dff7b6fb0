import { describe, expect, it } from 'vitest'
import { retryAfter } from './retry-after.ts'

const NOW = Date.UTC(1994, 10, 6, 8, 49, 37)

function wait(headers: Record<string, string>): number | undefined {
  return retryAfter(new Response(null, { status: 503, headers }), NOW)
}

describe('Retry-After (RFC 9110 10.2.3)', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
  ])('is seconds: %j', (value, milliseconds) => {
    expect(wait({ 'retry-after': value })).toBe(milliseconds)
  })

  it.each(['Sun, 06 Nov 1994 08:49:47 GMT', 'Sunday, 06-Nov-94 08:49:47 GMT', 'Sun Nov  6 08:49:47 1994'])(
    'is a date in each form of RFC 9110 5.6.7: %s',
    (value) => {
      expect(wait({ 'retry-after': value })).toBe(10_000)
    },
  )

  it('is a date by the clock of the server, where its answer tells the time', () => {
    const headers = { 'retry-after': 'Sun, 06 Nov 1994 10:00:30 GMT', date: 'Sun, 06 Nov 1994 10:00:00 GMT' }
    expect(wait(headers)).toBe(30_000)
  })

  it('is no wait where the date has passed', () => {
    expect(wait({ 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' })).toBe(0)
  })

  it.each(['', '-1', '1.5', '1e3', 'soon', 'banana 1', '1994-11-06T08:49:47Z', 'Xyz, 99 Nov 1994 99:49:47 GMT'])(
    'is nothing in another form: %j',
    (value) => {
      expect(wait({ 'retry-after': value })).toBeUndefined()
    },
  )

  it('is nothing where it is missing', () => {
    expect(wait({})).toBeUndefined()
  })

  it('is longer than any transaction where its digits are many', () => {
    expect(wait({ 'retry-after': '9'.repeat(400) })).toBe(Infinity)
  })
})
