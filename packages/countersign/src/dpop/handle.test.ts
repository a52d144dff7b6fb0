import { describe, expect, it } from 'vitest'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { type DPoPHandle, makeHandle, type Prover, proverOf } from './handle.ts'

const prover: Prover = { alg: 'ES256', setProof: () => Promise.resolve(), learnNonce: () => undefined }

describe('the handle among the options of a request', () => {
  it('does what it was made to do', () => {
    const handle = makeHandle({ calculateThumbprint: () => Promise.resolve('thumbprint') }, prover)
    expect(proverOf({ DPoP: handle })).toBe(prover)
  })

  it('may be missing', () => {
    expect(proverOf({})).toBeUndefined()
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 5],
    ['a text', 'handle'],
    ['an object', {}],
    ['an object that looks like one', { calculateThumbprint: () => Promise.resolve('thumbprint') }],
    ['a copy', { ...makeHandle({ calculateThumbprint: () => Promise.resolve('thumbprint') }, prover) }],
    ['what inherits from one', Object.create(makeHandle({ calculateThumbprint: () => Promise.resolve('') }, prover))],
  ])('is not %s', async (_title, handle) => {
    // what callers without types do
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => proverOf({ DPoP: handle as DPoPHandle }))
  })
})
