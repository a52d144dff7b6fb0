import fc from 'fast-check'
import type { OAuth2Error } from 'oauth4webapi'
import { garbage, wrong } from '../generators/garbage.ts'
import { mostly, pick } from '../generators/mostly.ts'
import type { Library } from '../harness/library.ts'
import { type Topic, topic } from '../harness/topic.ts'

interface Input {
  readonly kind:
    | 'ResponseBodyError'
    | 'WWWAuthenticateChallengeError'
    | 'OperationProcessingError'
    | 'UnsupportedOperationError'
    | 'AuthorizationResponseError'
    | 'garbage'
  readonly error: unknown
  readonly challenges: readonly { readonly scheme: 'dpop' | 'bearer'; readonly parameters: object }[]
  readonly status: number
  readonly nonce: string | null
  readonly garbage: unknown
}

const errors = pick<unknown>('use_dpop_nonce', 'use_dpop_nonce', 'invalid_token', 'USE_DPOP_NONCE', undefined, '', 1)
const scheme = pick('dpop' as const, 'dpop' as const, 'bearer' as const, wrong('DPoP'))

/** RFC 9449 §8 and §9: which failures ask for a repetition with the server's nonce; and the errors' own members. */
export const dpopNonceError: Topic = topic<Input>({
  name: 'error that asks for a DPoP nonce',
  needs: ['isDPoPNonceError', 'ResponseBodyError', 'WWWAuthenticateChallengeError', 'OperationProcessingError'],
  weight: 1,
  input: fc.record({
    kind: pick(
      'ResponseBodyError',
      'WWWAuthenticateChallengeError',
      'OperationProcessingError',
      'UnsupportedOperationError',
      'AuthorizationResponseError',
      'garbage',
    ),
    error: errors,
    challenges: fc.array(
      fc.record({ scheme, parameters: errors.map((error) => (error === undefined ? {} : wrong({ error }))) }),
      { maxLength: 3 },
    ),
    status: mostly(400, pick(200, 401, 500)),
    nonce: pick(null, 'nonce', ''),
    garbage,
  }),
  stage: (input) => async (scene) => {
    const { library, call } = scene
    const headers = new Headers(input.nonce === null ? {} : { 'dpop-nonce': input.nonce })
    const response = scene.name(new Response(null, { status: input.status, headers }), 'the response')
    const made = await call('the constructor', () => ({ error: makeError(input, library, response) }))
    if (made === undefined) return
    if (made.error instanceof Error) scene.note('its members', membersOf(made.error))
    await call('isDPoPNonceError', () => library.isDPoPNonceError(made.error))
  },
})

/**
 * Whether `cause` is enumerable is not compared: with the V8 of Node 20 it changes for the same class after some calls,
 * because a class field redefines what the constructor of Error had made.
 */
function membersOf(error: Error): unknown {
  const names = Object.getOwnPropertyNames(error).filter((name) => name !== 'stack')
  return Object.fromEntries(names.map((name): [string, unknown] => [name, Reflect.get(error, name)]))
}

function makeError(input: Input, library: Library, response: Response): unknown {
  const body: OAuth2Error = { error: wrong(input.error), error_description: 'a description' }
  switch (input.kind) {
    case 'ResponseBodyError':
      return new library.ResponseBodyError('a sentence', { cause: body, response })
    case 'WWWAuthenticateChallengeError':
      return new library.WWWAuthenticateChallengeError('a sentence', {
        cause: wrong(input.challenges),
        response,
      })
    case 'OperationProcessingError':
      return new library.OperationProcessingError('a sentence', { cause: body, code: 'OWN_CODE' })
    case 'UnsupportedOperationError':
      return new library.UnsupportedOperationError('a sentence', { cause: input.garbage })
    case 'AuthorizationResponseError': {
      const cause = new URLSearchParams(typeof input.error === 'string' ? { error: input.error } : {})
      if (input.nonce !== null) cause.set('error_description', input.nonce)
      return new library.AuthorizationResponseError('a sentence', { cause })
    }
    case 'garbage':
      return input.garbage
  }
}
