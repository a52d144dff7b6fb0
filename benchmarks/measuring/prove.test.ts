import { expect, it } from 'vitest'
import type { Contender } from './contest.ts'
import { proveValidation, type Trial } from './prove.ts'

/** A token is what was signed, and whether the signature is right. */
interface Token {
  readonly sub: string
  readonly signed: boolean
}

const trial: Trial<Token> = {
  good: () => ({ sub: 'anna', signed: true }),
  expected: { sub: 'anna' },
  bad: new Map<string, () => Token>([
    ['a forged signature', () => ({ sub: 'anna', signed: false })],
    ['another subject', () => ({ sub: 'eve', signed: true })],
  ]),
  floorRefuses: ['a forged signature'],
}

function honest({ sub, signed }: Token): object {
  if (!signed || sub !== 'anna') throw new Error('refused')
  return { sub }
}

const prove = (act: Contender<Token>['act'], floor = false) => proveValidation({ name: 'somebody', act, floor }, trial)

it('passes who validates, at once or later', async () => {
  await prove(honest)
  await prove(async (token) => honest(token))
})

it('finds who skips the signature', async () => {
  await expect(prove(({ sub }) => honest({ sub, signed: true }))).rejects.toThrow('accepts a forged signature')
})

it('finds who skips another check', async () => {
  await expect(prove(({ signed }) => honest({ sub: 'anna', signed }))).rejects.toThrow('accepts another subject')
})

it('finds who refuses what is good, and who gives something else', async () => {
  await expect(prove(() => false)).rejects.toThrow('does not give what it should')
  await expect(prove(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  await expect(prove((token) => ({ ...honest(token), sub: 'eve' }))).rejects.toThrow('does not give what it should')
})

it('finds who remembers that it accepted, and looks no more', async () => {
  let accepted = 0
  const forgetful: Contender<Token>['act'] = (token) => (accepted++ > 2 ? { sub: 'anna' } : honest(token))
  await expect(prove(forgetful)).rejects.toThrow('run twice')
})

it('asks of a floor only its part', async () => {
  await prove(({ signed }) => signed, true)
  await expect(prove(() => true, true)).rejects.toThrow('accepts a forged signature')
})
