import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { op, PARAMETERS, shop } from '../testing/backchannel-request.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { BINDING_MESSAGE, BINDING_MESSAGE_LENGTH } from './binding-message.ts'
import { checkBackchannelAuthenticationParameters } from './check-parameters.ts'

function withMessage(binding_message: string, maximumBindingMessageLength?: number): void {
  const options = maximumBindingMessageLength === undefined ? {} : { maximumBindingMessageLength }
  checkBackchannelAuthenticationParameters(op, shop, { ...PARAMETERS, binding_message }, options)
}

// some that may stand in a message, and some of each sort that may not
const character = fc.constantFrom(
  ...[
    'W',
    '4',
    'é',
    '送',
    '€',
    '🐘',
    '\u0301',
    ' ',
    '\u00a0',
    '\n',
    '\u0000',
    '\u2028',
    '\u202e',
    '\u200b',
    '\ud83d',
    '\ue000',
  ],
)

describe('binding_message (CIBA Core 7.1)', () => {
  it.each(['W4SCT', 'Pay 42.00 EUR to Anna? W7-K2', 'Überweisung: 1.000 €', '送金 42', 'שלום 7', '🐘', 'cafe\u0301'])(
    'may be %j',
    (message) => {
      expect(() => withMessage(message)).not.toThrow()
    },
  )

  it('is relatively short: 64 characters, of whatever script, unless the caller says another number', async () => {
    expect(() => withMessage('😀'.repeat(64))).not.toThrow()
    await refuses(BINDING_MESSAGE_LENGTH, () => withMessage('a'.repeat(65)))
    await refuses(BINDING_MESSAGE_LENGTH, () => withMessage('😀'.repeat(65)))
    expect(() => withMessage('a'.repeat(200), 200)).not.toThrow()
    await refuses(BINDING_MESSAGE_LENGTH, () => withMessage('a'.repeat(21), 20))
    expect(() => withMessage('a', 1)).not.toThrow()
  })

  it.each([
    ['a line break', 'Pay 1 EUR\nto Anna'],
    ['a line separator', 'Pay 1 EUR\u2028to Anna'],
    ['a terminal escape', 'Pay \u001b[2K1 EUR'],
    ['a tabulator', 'Pay\t1 EUR'],
    ['a null character', 'Pay 1 EUR\u0000'],
    ['a direction override', 'Pay \u202e1 EUR'],
    ['a direction isolate', 'Pay \u20661 EUR'],
    ['a direction mark', 'Pay \u200f1 EUR'],
    ['an invisible character', 'Pay\u200b 1 EUR'],
    ['a no-break space', 'Pay\u00a01 EUR'],
    ['half of a surrogate pair', 'Pay \ud83d'],
    ['a character of private use', 'Pay \ue000'],
    ['two spaces', 'Pay  1 EUR'],
    ['a space before', ' Pay 1 EUR'],
    ['a space behind', 'Pay 1 EUR '],
    ['nothing but a space', ' '],
  ])('holds no more than plain text: not %s', async (_, message) => {
    await refuses(BINDING_MESSAGE, () => withMessage(message))
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('has no limit of %s characters', async (maximum) => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => withMessage('W4SCT', maximum))
  })

  it('is not empty', async () => {
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => withMessage(''))
  })

  it('is in no error, whatever is wrong with it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: character, minLength: 12, maxLength: 200 }), async (message) => {
        const error = await rejectionOf(() => withMessage(message))
        if (error instanceof Error) expect(`${error.message}${JSON.stringify(error)}`).not.toContain(message)
      }),
    )
  })

  it('is accepted only where it is one line of visible characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: character, maxLength: 4 }), async (message) => {
        const accepted = (await rejectionOf(() => withMessage(message))) === undefined
        expect(accepted).toBe(message !== '' && !/[\p{C}\p{Zl}\p{Zp}\u00a0]|^\s|\s$|\s\s/u.test(message))
      }),
    )
  })
})
