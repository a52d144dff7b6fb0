import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accepted } from './accepted.ts'
import { run } from './harness/campaign.ts'
import { freeze, thaw } from './harness/clock.ts'
import { type Library, ours, theirs } from './harness/library.ts'
import type { Topic } from './harness/topic.ts'
import { accessToken } from './topics/access-token.ts'
import { authorizationCodeResponse } from './topics/authorization-code-response.ts'
import { backchannelResponse } from './topics/backchannel-response.ts'
import { challenge } from './topics/challenge.ts'
import { discoveryResponse } from './topics/discovery-response.ts'
import { idToken } from './topics/id-token.ts'
import { jwksLifeCycle } from './topics/jwks-life-cycle.ts'
import { registrationRequest } from './topics/registration-request.ts'
import { signature } from './topics/signature.ts'
import { hybridResponse } from './topics/signed-authorization-response.ts'
import { signedUserInfo } from './topics/user-info-response.ts'

/** A difference beside an intended one: it must be seen, or the entry covers more than its own case. */
interface Planted {
  /** The entry that it is near to. */
  readonly near: (typeof accepted)[number]['id']
  readonly title: string
  readonly topic: Topic
  readonly change: Partial<Library>
  readonly path: RegExp
}

type Act<Args extends unknown[], Value> = (...args: Args) => Promise<Value>

/** Changes what a refusal looks like, and leaves success alone. */
function refusing<Args extends unknown[], Value>(
  act: Act<Args, Value>,
  change: (refusal: Error) => unknown,
): Act<Args, Value> {
  return (...args) => act(...args).catch((refusal: unknown) => Promise.reject(change(refusal as Error) as Error))
}

/** Lets through what is refused for a reason. */
function accepting<Args extends unknown[], Value>(
  act: Act<Args, Value>,
  isReason: (refusal: object) => boolean,
  instead: unknown,
): Act<Args, Value> {
  return (...args) =>
    act(...args).catch((refusal: unknown) => {
      if (isReason(Object(refusal))) return instead as Value
      throw refusal
    })
}

/** Refuses after the fact, as the rule would that an entry is about. */
function refusal(rule: string, code = 'OAUTH_INVALID_RESPONSE'): Error {
  return Object.assign(new ours.OperationProcessingError('planted', { code }), { rule })
}

/** Refuses so where nothing is wrong. */
function afterwards<Args extends unknown[], Value>(
  act: Act<Args, Value>,
  rule: string,
  code?: string,
): Act<Args, Value> {
  return async (...args) => {
    await act(...args)
    throw refusal(rule, code)
  }
}

function ruleOf(refused: object): unknown {
  return Reflect.get(refused, 'rule')
}

function responseOf(refused: Error): Response | undefined {
  const response: unknown = Reflect.get(refused, 'response')
  return response instanceof Response ? response : undefined
}

const codeResponse = ours.processAuthorizationCodeResponse
const { processBackchannelAuthenticationGrantResponse: tokens, validateApplicationLevelSignature: verify } = ours

const planted: readonly Planted[] = [
  {
    near: 'A cause is evidence',
    title: 'a member of a cause that is lost',
    topic: idToken,
    change: {
      processBackchannelAuthenticationGrantResponse: refusing(tokens, (refused) => {
        const { claim, now, claims } = Object(refused.cause) as Record<string, unknown>
        if (now !== undefined) refused.cause = { claim, now, claims }
        return refused
      }),
    },
    path: /rejects\.cause\.tolerance$/,
  },
  {
    near: 'A cause is evidence',
    title: 'another value of a member of a cause',
    topic: idToken,
    change: {
      processBackchannelAuthenticationGrantResponse: refusing(tokens, (refused) => {
        const { cause } = refused
        if (cause instanceof Object) Object.defineProperty(cause, 'claim', { value: 'another' })
        return refused
      }),
    },
    path: /rejects\.cause\.claim$/,
  },
  {
    near: 'A refusal is never an accident',
    title: 'an acceptance where theirs runs into an error',
    topic: discoveryResponse,
    change: {
      processDiscoveryResponse: accepting(
        ours.processDiscoveryResponse,
        (refused) => ruleOf(refused) === 'discovery.issuer-form',
        { issuer: 'any' },
      ),
    },
    path: /^processDiscoveryResponse/,
  },
  {
    near: 'A refusal is never an accident',
    title: 'another accident than theirs',
    topic: discoveryResponse,
    change: {
      processDiscoveryResponse: refusing(ours.processDiscoveryResponse, (refused) =>
        ruleOf(refused) === 'discovery.issuer-form' ? new RangeError('an accident') : refused,
      ),
    },
    path: /rejects\.(?:class|name|code)$/,
  },
  {
    near: 'Every error has a code',
    title: 'another code where theirs has none',
    topic: signedUserInfo,
    change: {
      processUserInfoResponse: refusing(ours.processUserInfoResponse, (refused) =>
        ruleOf(refused) === 'userinfo.alg' ? Object.assign(refused, { code: 'OAUTH_PARSE_ERROR' }) : refused,
      ),
    },
    path: /rejects\.code$/,
  },
  {
    near: 'base64url is strict',
    title: 'the same refusal of a token that is spelled well',
    topic: idToken,
    change: {
      async processBackchannelAuthenticationGrantResponse(...args) {
        await tokens(...args)
        throw refusal('jwt.claims', 'OAUTH_PARSE_ERROR')
      },
    },
    path: /^processBackchannelAuthenticationGrantResponse/,
  },
  {
    near: 'base64url is strict',
    title: 'another code for a caller’s mistake, where the signature can be read',
    topic: accessToken,
    change: {
      validateJwtAccessToken: refusing(ours.validateJwtAccessToken, (refused) =>
        Reflect.get(refused, 'code') === 'ERR_INVALID_ARG_VALUE'
          ? refusal('signature.kid', 'OAUTH_KEY_SELECTION_FAILED')
          : refused,
      ),
    },
    path: /rejects\.code$/,
  },
  {
    near: 'A media type in other letters and with white space',
    title: 'another value where theirs takes the answer',
    topic: backchannelResponse,
    change: {
      processBackchannelAuthenticationResponse: async (...args) => ({
        ...(await ours.processBackchannelAuthenticationResponse(...args)),
        planted: true,
      }),
    },
    path: /resolves\.planted$/,
  },
  {
    near: 'A time in a JWT is finite',
    title: 'the same refusal of a time that is a number',
    topic: idToken,
    change: {
      async processBackchannelAuthenticationGrantResponse(...args) {
        await tokens(...args)
        throw refusal('jwt.exp')
      },
    },
    path: /^processBackchannelAuthenticationGrantResponse/,
  },
  {
    near: 'A body that cannot be read',
    title: 'an answer taken although its body broke off',
    topic: backchannelResponse,
    change: {
      processBackchannelAuthenticationResponse: accepting(
        ours.processBackchannelAuthenticationResponse,
        (refused) => ruleOf(refused) === 'response.body',
        { auth_req_id: 'any', expires_in: 1 },
      ),
    },
    path: /^processBackchannelAuthenticationResponse/,
  },
  {
    near: 'Several proofs are called several',
    title: 'the same refusal of one proof',
    topic: accessToken,
    change: {
      validateJwtAccessToken: refusing(ours.validateJwtAccessToken, (refused) =>
        String(ruleOf(refused)).startsWith('dpop-proof.')
          ? refusal('resource-request.dpop-single', 'OAUTH_UNSUPPORTED_OPERATION')
          : refused,
      ),
    },
    path: /rejects\.code$/,
  },
  {
    near: 'Several proofs are called several',
    title: 'several proofs that are taken',
    topic: accessToken,
    change: {
      validateJwtAccessToken: accepting(
        ours.validateJwtAccessToken,
        (refused) => ruleOf(refused) === 'resource-request.dpop-single',
        {},
      ),
    },
    path: /^validateJwtAccessToken/,
  },
  {
    near: 'A challenge by the grammar',
    title: 'a challenge that is lost among others',
    topic: challenge,
    change: {
      processUserInfoResponse: refusing(ours.processUserInfoResponse, (refused) => {
        if (Array.isArray(refused.cause) && refused.cause.length > 1) refused.cause.shift()
        return refused
      }),
    },
    path: /rejects\.cause/,
  },
  {
    near: 'A challenge parameter called `__proto__`',
    title: 'a parameter of another name that is lost',
    topic: challenge,
    change: {
      processUserInfoResponse: refusing(ours.processUserInfoResponse, (refused) => {
        if (Array.isArray(refused.cause)) Reflect.deleteProperty(Object(refused.cause[0]).parameters as object, 'realm')
        return refused
      }),
    },
    path: /rejects\.cause\.0\.parameters\.realm$/,
  },
  {
    near: 'A challenge parameter called `__proto__`',
    title: 'a body that is read although both find challenges',
    topic: challenge,
    change: {
      processUserInfoResponse: refusing(ours.processUserInfoResponse, (refused) => {
        const read = JSON.stringify(refused.cause).includes('__proto__') ? responseOf(refused)?.text() : undefined
        read?.catch(() => undefined)
        return refused
      }),
    },
    path: /^body used$/,
  },
  {
    near: 'A signature keeps its leading zeros',
    title: 'the same refusal of a signature that is whole',
    topic: signature,
    change: {
      validateApplicationLevelSignature: afterwards(verify, 'signature.value'),
    },
    path: /^validateApplicationLevelSignature/,
  },
  {
    near: 'A public exponent makes signatures',
    title: 'the same refusal of a key that makes them',
    topic: signature,
    change: {
      validateApplicationLevelSignature: afterwards(verify, 'key.exponent', 'OAUTH_UNSUPPORTED_OPERATION'),
    },
    path: /^validateApplicationLevelSignature/,
  },
  {
    near: 'An algorithm is a text',
    title: 'the same refusal where nothing is wrong',
    topic: idToken,
    change: { processBackchannelAuthenticationGrantResponse: afterwards(tokens, 'id-token.alg') },
    path: /^processBackchannelAuthenticationGrantResponse/,
  },
  {
    near: 'Token types are names of one’s own',
    title: 'the same refusal where nothing is wrong',
    topic: idToken,
    change: { processBackchannelAuthenticationGrantResponse: afterwards(tokens, 'token-response.token_type-known') },
    path: /^processBackchannelAuthenticationGrantResponse/,
  },
  {
    near: 'A key that nobody can read is passed over',
    title: 'a signature taken that theirs refuses',
    topic: signature,
    change: {
      validateApplicationLevelSignature: accepting(
        verify,
        (refused) => ruleOf(refused) === 'signature.kid' || ruleOf(refused) === 'signature.value',
        undefined,
      ),
    },
    path: /^validateApplicationLevelSignature/,
  },
  {
    near: 'One caller does not abort the fetch of all',
    title: 'a request that is sent twice',
    topic: signature,
    change: {
      async validateApplicationLevelSignature(as, ref, options) {
        await verify({ ...as }, ref, options)
        return await verify({ ...as }, ref, options)
      },
    },
    path: /^request 2|^requests$/,
  },
  {
    near: 'Keys outlive a failed refetch',
    title: 'keys that are never kept',
    topic: jwksLifeCycle,
    change: { validateApplicationLevelSignature: (as, ref, options) => verify({ ...as }, ref, options) },
    path: /^the keys were asked for/,
  },
  {
    near: 'An unsigned ID Token is registered',
    title: 'the same refusal of a token that is signed',
    topic: authorizationCodeResponse,
    change: {
      processAuthorizationCodeResponse: afterwards(codeResponse, 'id-token.alg-none'),
    },
    path: /^processAuthorizationCodeResponse/,
  },
  {
    near: 'A wrong option is refused',
    title: 'the same refusal of an option that is right',
    topic: authorizationCodeResponse,
    change: {
      async processAuthorizationCodeResponse(as, client, response, options) {
        const result = await codeResponse(as, client, response, options)
        if (options?.expectedNonce !== 'nonce') return result
        throw Object.assign(new TypeError('"expectedNonce" is planted'), { code: 'ERR_INVALID_ARG_TYPE' })
      },
    },
    path: /^processAuthorizationCodeResponse/,
  },
  {
    near: 'A wrong option is refused',
    title: 'a request that is not sent although its options are right',
    topic: registrationRequest,
    change: {
      async dynamicClientRegistrationRequest(...args) {
        const given: unknown = args[2]?.initialAccessToken
        if (given !== 'token') return await ours.dynamicClientRegistrationRequest(...args)
        throw Object.assign(new TypeError('"options.initialAccessToken" is planted'), { code: 'ERR_INVALID_ARG_TYPE' })
      },
    },
    path: /^dynamicClientRegistrationRequest/,
  },
  {
    near: 'One of two mistakes is named',
    title: 'another code for one mistake',
    topic: authorizationCodeResponse,
    change: {
      processAuthorizationCodeResponse: refusing(codeResponse, (refused) =>
        Reflect.get(refused, 'code') === 'ERR_INVALID_ARG_VALUE'
          ? Object.assign(refused, { code: 'ERR_INVALID_ARG_TYPE' })
          : refused,
      ),
    },
    path: /rejects\.code$/,
  },
  {
    near: 'Claims come before keys',
    title: 'a response taken that theirs refuses',
    topic: hybridResponse,
    change: {
      validateCodeIdTokenResponse: accepting(
        ours.validateCodeIdTokenResponse,
        (refused) => String(ruleOf(refused)).startsWith('id-token.'),
        new URLSearchParams('code=code'),
      ),
    },
    path: /^validateCodeIdTokenResponse/,
  },
  {
    near: 'Claims come before keys',
    title: 'another code where only the claims are wrong',
    topic: hybridResponse,
    change: {
      validateCodeIdTokenResponse: refusing(ours.validateCodeIdTokenResponse, (refused) =>
        ruleOf(refused) === 'hybrid-response.c_hash' ? refusal('authorization-response.code') : refused,
      ),
    },
    path: /rejects\.code$/,
  },
  {
    near: 'Claims come before keys',
    title: 'another claim named where only the nonce is wrong',
    topic: hybridResponse,
    change: {
      validateCodeIdTokenResponse: refusing(ours.validateCodeIdTokenResponse, (refused) =>
        ruleOf(refused) === 'id-token.nonce'
          ? Object.assign(refusal('id-token.azp', 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'), { cause: { claim: 'azp' } })
          : refused,
      ),
    },
    path: /rejects\.cause\.claim$/,
  },
]

describe('what is intended hides nothing beside it', () => {
  beforeAll(freeze)
  afterAll(thaw)

  it.each(planted)('$near: finds $title', async ({ topic, change, path }) => {
    const campaign = {
      topic,
      theirs,
      ours: { ...ours, ...change },
      cases: 1500,
      seed: 20250601,
      limit: 3,
      unshrunk: true,
    }
    const { findings } = await run(campaign)
    const places = findings.flatMap(({ differences }) => differences.map((one) => one.path.join('.')))
    expect(places.filter((place) => path.test(place))).not.toEqual([])
  })

  it('is tried for every entry', () => {
    expect(new Set(planted.map(({ near }) => near))).toEqual(new Set(accepted.map(({ id }) => id)))
  })
})
