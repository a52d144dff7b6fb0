import { expect, it } from 'vitest'
import { INVALID_RESPONSE, KEY_SELECTION } from '../errors/codes.ts'
import { rule } from './rule.ts'

it('declares a rule that refuses a response, unless another code is named', () => {
  expect(rule('jwt.iss', 'RFC 7519', '4.1.1')).toEqual({
    id: 'jwt.iss',
    document: 'RFC 7519',
    section: '4.1.1',
    code: INVALID_RESPONSE,
  })
  expect(rule('signature.kid', 'RFC 7515', '6', KEY_SELECTION).code).toBe(KEY_SELECTION)
})
