import { describe, expect, it } from 'vitest'
import { circuit } from './circuit.ts'

function watched() {
  const told: string[] = []
  const under = circuit({
    threshold: 3,
    pause: 1000,
    longestPause: 3000,
    onOpen: (until) => told.push(`open until ${until}`),
    onClose: () => told.push('closed'),
  })
  return { under, told }
}

describe('the circuit', () => {
  it('opens after so many failures in a row, and not before', () => {
    const { under, told } = watched()
    under.failed(0)
    under.failed(1)
    under.succeeded()
    under.failed(2)
    under.failed(3)
    expect([under.admit(4), under.state]).toEqual([undefined, 'closed'])
    under.failed(5)
    expect([under.admit(6), under.state]).toEqual([1005, 'open'])
    expect(told).toEqual(['open until 1005'])
  })

  it('lets one request tell whether the server answers again', () => {
    const { under, told } = watched()
    for (const now of [0, 0, 0]) under.failed(now)
    expect(under.admit(1000)).toBeUndefined()
    expect([under.admit(1001), under.state]).toEqual([2000, 'half-open'])
    under.succeeded()
    expect([under.admit(1002), under.state]).toEqual([undefined, 'closed'])
    expect(told).toEqual(['open until 1000', 'closed'])
  })

  it('stays open for longer when that request fails, up to a bound', () => {
    const { under, told } = watched()
    for (const now of [0, 0, 0]) under.failed(now)
    for (const now of [1000, 3000, 6000, 9000]) {
      expect(under.admit(now)).toBeUndefined()
      under.failed(now)
    }
    expect(told).toEqual([1000, 3000, 6000, 9000, 12_000].map((until) => `open until ${until}`))
    under.admit(12_000)
    under.succeeded()
    for (const now of [20_000, 20_000, 20_000]) under.failed(now)
    expect(told.at(-1)).toBe('open until 21000')
  })

  it('is not opened for longer by requests that were under way', () => {
    const { under, told } = watched()
    for (const now of [0, 0, 0, 500, 600]) under.failed(now)
    expect(told).toEqual(['open until 1000'])
  })

  it('does not wait for ever for a request that never tells', () => {
    const { under } = watched()
    for (const now of [0, 0, 0]) under.failed(now)
    expect(under.admit(1000)).toBeUndefined()
    expect(under.admit(1999)).toBe(2000)
    expect(under.admit(2000)).toBeUndefined()
  })
})
