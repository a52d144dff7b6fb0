import { it } from 'vitest'
import { makesRandomText } from '../testing/random-text.ts'
import { generateRandomState } from './state.ts'

it('a new state is 256 random bits, as 43 characters of base64url (RFC 6749 10.10)', () => {
  makesRandomText(generateRandomState)
})
