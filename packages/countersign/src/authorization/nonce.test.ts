import { it } from 'vitest'
import { makesRandomText } from '../testing/random-text.ts'
import { generateRandomNonce } from './nonce.ts'

it('a new nonce is 256 random bits, as 43 characters of base64url (OIDC Core 15.5.2)', () => {
  makesRandomText(generateRandomNonce)
})
