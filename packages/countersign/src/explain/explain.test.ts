import { describe, expect, it } from 'vitest'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import {
  WWWAuthenticateChallengeError,
  type WWWAuthenticateChallenge,
} from '../errors/www-authenticate-challenge-error.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from '../testing/answers.ts'
import { rejectionOf } from '../testing/refuses.ts'
import { ID_TOKEN_ISSUER } from '../tokens/id-token.rules.ts'
import { explain } from './index.ts'
import { sentences } from './sentences.ts'
import { bodyErrors, challengeErrors } from './server-errors.ts'

/** What a process function rejects with. */
function rejection(answer: Response): Promise<unknown> {
  return rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, answer))
}

function challengeError(...cause: WWWAuthenticateChallenge[]): WWWAuthenticateChallengeError {
  return new WWWAuthenticateChallengeError('refused', { cause, response: new Response(null, { status: 401 }) })
}

describe('explain', () => {
  it('explains a refusal by the rule that refused', async () => {
    const body = tokenBody({ id_token: unsignedJwt(idTokenClaims({ iss: 'https://evil.example' })) })
    const error = await rejection(json(body))
    expect(explain(error)).toEqual({
      rule: ID_TOKEN_ISSUER.id,
      sentence: sentences[ID_TOKEN_ISSUER.id]?.sentence,
      remedy: sentences[ID_TOKEN_ISSUER.id]?.remedy,
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      url: 'https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.3.7',
    })
  })

  it('explains the error of a token endpoint (CIBA Core 11)', async () => {
    const error = await rejection(json({ error: 'slow_down' }, 400))
    expect(error).toBeInstanceOf(ResponseBodyError)
    expect(explain(error)).toMatchObject({
      rule: 'slow_down',
      spec: { document: 'CIBA Core 1.0', section: '11' },
      url: 'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.11',
    })
  })

  it('explains a challenge by the first error in it that it knows (RFC 9110 11.6.1)', () => {
    const error = challengeError(
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'dpop', parameters: { error: 'use_dpop_nonce' } },
      { scheme: 'bearer', parameters: { error: 'invalid_token' } },
    )
    expect(explain(error)).toMatchObject({
      rule: 'use_dpop_nonce',
      url: 'https://www.rfc-editor.org/rfc/rfc9449#section-8',
    })
  })

  it('tells invalid_request of a resource from that of a token endpoint (RFC 6750 3.1, RFC 6749 5.2)', () => {
    const challenge = { scheme: 'bearer', parameters: { error: 'invalid_request' } } as const
    expect(explain(challengeError(challenge))?.spec).toEqual({ document: 'RFC 6750', section: '3.1' })
    expect(explain('invalid_request')?.spec).toEqual({ document: 'RFC 6749', section: '5.2' })
  })

  it.each([
    ['basic', 'invalid_client'],
    ['bearer', 'invalid_token'],
    ['dpop', 'invalid_token'],
  ] as const)('explains a challenge of the scheme %s that names no error as %s', (scheme, rule) => {
    expect(explain(challengeError({ scheme, parameters: {} }))).toMatchObject({ rule })
  })

  it('explains an error that was copied, as by a log', async () => {
    const error = await rejection(json({ error: 'expired_token' }, 400))
    expect(explain({ ...(error as ResponseBodyError) })).toMatchObject({ rule: 'expired_token' })
  })

  it.each([...Object.keys(sentences), ...Object.keys(bodyErrors), ...Object.keys(challengeErrors)])(
    'explains %s by name, in whole sentences, with a page to read where a specification has it',
    (name) => {
      const explanation = explain(name)
      expect(explanation).toMatchObject({ rule: name })
      expect(explanation?.sentence).toMatch(/^[A-Z`].+\.$/)
      expect(explanation?.remedy).toMatch(/^[A-Z].+\.$/)
      const page = /^https:\/\/(?:openid\.net\/specs|www\.rfc-editor\.org\/rfc)\/.+#(?:rfc\.)?section[-.][\dA-Z.]+$/
      if (explanation?.spec.document === 'countersign') expect(explanation.url).toBeUndefined()
      else expect(explanation?.url).toMatch(page)
    },
  )

  it.each([
    ['a name that is none', 'constructor'],
    ['an error of only one server', new ResponseBodyError('', { cause: { error: 'own' }, response: new Response() })],
    ['a challenge of an unknown scheme', challengeError({ scheme: 'negotiate', parameters: {} })],
    ['no challenges', { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' }],
    ['challenges that are none', { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', cause: [null, { scheme: 'basic' }] }],
    ["a caller's own mistake", Object.assign(new TypeError(), { code: 'ERR_INVALID_ARG_TYPE' })],
    ['nothing', undefined],
  ])('has nothing to say about %s', (_what, input) => {
    expect(explain(input)).toBeUndefined()
  })
})
