import { describe, expect, it } from 'vitest'
import { bindingMessageFault } from './binding-message.ts'

describe('binding_message (CIBA Core §7.1)', () => {
  it.each(['W4SCT', 'Pay 42.00 EUR to Anna? W7-K2', 'Überweisung: 1.000 €', '送金 42', 'a'.repeat(64)])(
    'accepts %j',
    (message) => {
      expect(bindingMessageFault(message)).toBeUndefined()
    },
  )

  it.each([
    ['no characters', ''],
    ['too many characters', 'a'.repeat(65)],
    ['a line break', 'Pay 1 EUR\nto Anna'],
    ['a terminal escape', 'Pay \u001b[2K1 EUR'],
    ['a direction override', 'Pay \u202e1 EUR'],
    ['an invisible character', 'Pay\u200b 1 EUR'],
    ['markup', '<b>Pay</b>'],
    ['two spaces', 'Pay  1 EUR'],
    ['a space before', ' Pay 1 EUR'],
    ['a space behind', 'Pay 1 EUR '],
  ])('refuses %s', (_what, message) => {
    expect(bindingMessageFault(message)).toMatch(/^binding_message must /)
  })
})
