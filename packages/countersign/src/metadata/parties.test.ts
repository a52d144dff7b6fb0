import { describe, expect, it } from 'vitest'
import { rejectionOf } from '../testing/refuses.ts'
import { assertClient, assertServer } from './parties.ts'

describe.each([
  ['assertServer', assertServer, 'issuer'],
  ['assertClient', assertClient, 'client_id'],
] as const)('%s', (_, assertion, member) => {
  /** Calls the assertion with something that the types do not allow. */
  function given(party: unknown): () => unknown {
    return () => Reflect.apply(assertion, undefined, [party])
  }

  it.each([[undefined], [null], ['https://op.example.com'], [5]])('refuses %j, which is no object', async (party) => {
    const error = await rejectionOf(given(party))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
  })

  it.each([[undefined], [null], [5], [['a']], [new URL('https://op.example.com')]])(
    `refuses metadata whose ${member} is %j, no string`,
    async (value) => {
      const error = await rejectionOf(given({ [member]: value }))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
    },
  )

  it(`refuses metadata without ${member}`, async () => {
    expect(await rejectionOf(given({}))).toHaveProperty('code', 'ERR_INVALID_ARG_TYPE')
  })

  it(`refuses metadata whose ${member} is empty`, async () => {
    const error = await rejectionOf(given({ [member]: '' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toHaveProperty('code', 'ERR_INVALID_ARG_VALUE')
  })

  it(`accepts metadata with ${member}, its own or inherited`, async () => {
    expect(await rejectionOf(given({ [member]: 'shop' }))).toBeUndefined()
    expect(await rejectionOf(given(Object.create({ [member]: 'shop' })))).toBeUndefined()
  })
})
