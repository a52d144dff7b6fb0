import { describe, expect, it } from 'vitest'
import type { Jwt } from '../jose/jwt.ts'
import { json, unsignedJwt } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { takeApart } from '../testing/signed.ts'
import { jwtOf, rememberJwt } from './jwt-responses.ts'

function jwt(sub: string): Jwt {
  return takeApart(unsignedJwt({ sub }))
}

describe('the JWT of an answer', () => {
  it('is the last one that was remembered with it, and with no other answer', () => {
    const [first, second] = [json({}), json({})]
    const [anna, bert, carl] = [jwt('anna'), jwt('bert'), jwt('carl')]
    rememberJwt(first, anna)
    rememberJwt(second, bert)
    expect(jwtOf(first)).toBe(anna)
    rememberJwt(first, carl)
    expect(jwtOf(first)).toBe(carl)
    expect(jwtOf(second)).toBe(bert)
  })

  it.each<[string, unknown]>([
    ['an answer that was not processed', json({})],
    ['a copy of one that was', remembered().clone()],
    ['an object', {}],
    ['a text', unsignedJwt({})],
    ['null', null],
    ['nothing', undefined],
  ])('is not found with %s', async (_title, response) => {
    // what callers without types do
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => jwtOf(response as Response))
  })
})

function remembered(): Response {
  const response = json({})
  rememberJwt(response, jwt('anna'))
  return response
}
