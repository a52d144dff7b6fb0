import { describe, expect, it } from 'vitest'
import { type Contender, matchOf, takingFrom } from './contest.ts'

const PACE = { slice: 1, budget: 5 }

describe('a match', () => {
  const ran: string[] = []
  const contender = (name: string, floor = false): Contender<number> => ({
    name,
    floor,
    act: () => void ran.push(name),
  })

  it('measures each of the wanted contenders, in as many rounds', async () => {
    const match = matchOf<number>({
      atOnce: [1],
      inputs: (count) => new Array<number>(count).fill(0),
      contenders: [contender('a'), contender('b'), contender('c')],
      prove: () => Promise.resolve(),
    })
    const times = await match.measure(1, PACE, (name) => name !== 'b')
    expect([...times.keys()]).toEqual(['a', 'c'])
    expect(times.get('a')).toHaveLength(times.get('c')?.length ?? 0)
    expect(times.get('a')?.every((time) => time > 0)).toBe(true)
    expect(ran).not.toContain('b')
  })

  it.each(['before', 'after'])('measures nobody who fails the proof %s', async (when) => {
    let proofs = 0
    const match = matchOf<number>({
      atOnce: [1],
      inputs: (count) => new Array<number>(count).fill(0),
      contenders: [contender('a')],
      prove: async () => {
        proofs++
        if ((when === 'before') === (proofs === 1)) throw new RangeError('skips work')
      },
    })
    await expect(match.measure(1, PACE, () => true)).rejects.toThrow(RangeError)
  })

  it('runs as many at once as it is told', async () => {
    let under = 0
    let most = 0
    const match = matchOf<number>({
      atOnce: [64],
      inputs: (count) => new Array<number>(count).fill(0),
      contenders: [
        {
          name: 'a',
          async act() {
            most = Math.max(most, ++under)
            await Promise.resolve()
            under--
          },
        },
      ],
      prove: () => Promise.resolve(),
    })
    await match.measure(64, PACE, () => true)
    expect(most).toBe(64)
  })
})

describe('takingFrom', () => {
  it('gives each taker all of the pool before one comes again, whatever others take', () => {
    const take = takingFrom(['a', 'b', 'c'])
    const [one, other] = [{}, {}]
    expect(take(2, one)).toEqual(['a', 'b'])
    expect(take(4, other)).toEqual(['a', 'b', 'c', 'a'])
    expect(take(2, one)).toEqual(['c', 'a'])
  })
})
