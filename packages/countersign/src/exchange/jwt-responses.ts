import { invalidArgument } from '../errors/invalid-argument.ts'
import type { Jwt } from '../jose/jwt.ts'

// what a process function read out of an answer, for whoever asks for its signature afterwards
const jwts = new WeakMap<Response, Jwt>()

/** Keeps the JWT that an answer was, or held, once its claims were found valid. */
export function rememberJwt(response: Response, jwt: Jwt): void {
  jwts.set(response, jwt)
}

/** The JWT of an answer that was processed before. */
export function jwtOf(response: Response): Jwt {
  const jwt = jwts.get(response)
  if (jwt === undefined) {
    throw invalidArgument('"ref" is no processed response that held a JWT', 'ERR_INVALID_ARG_VALUE')
  }
  return jwt
}
