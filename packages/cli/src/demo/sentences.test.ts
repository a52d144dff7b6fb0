import { OperationProcessingError, ResponseBodyError, WWWAuthenticateChallengeError } from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { DemoFailure } from './failures.ts'
import { sentenceFor } from './sentences.ts'

const response = (status: number) => new Response(null, { status })

describe('sentences for failures', () => {
  it('repeats what the demo itself found', () => {
    expect(sentenceFor(new DemoFailure('nobody answered'))).toBe('nobody answered')
  })

  it("names the server's own error", () => {
    const cause = { error: 'unknown_user_id', error_description: 'who?' }
    const error = new ResponseBodyError('refused', { cause, response: response(400) })
    const sentence = sentenceFor(error)
    expect(sentence).toContain('400 unknown_user_id (who?)')
    expect(sentence).toContain('OAUTH_RESPONSE_BODY_ERROR')
  })

  it('names the challenge of a 401', () => {
    const cause = [{ scheme: 'dpop', parameters: { error: 'invalid_token' } }] as const
    const error = new WWWAuthenticateChallengeError('refused', { cause: [...cause], response: response(401) })
    expect(sentenceFor(error)).toContain('401 with the challenge dpop invalid_token')
  })

  it('names code, rule, paragraph and what was compared', () => {
    const error = Object.assign(new OperationProcessingError('wrong issuer', { code: 'OAUTH_JWT_CLAIM_COMPARISON' }), {
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      expected: 'https://op.example',
      actual: 7,
    })
    expect(sentenceFor(error)).toBe(
      'refused: wrong issuer [OAUTH_JWT_CLAIM_COMPARISON; rule id-token.iss; OpenID Connect Core 1.0 §3.1.3.7 (2); ' +
        'expected "https://op.example"; got 7]',
    )
  })

  it('is one line without control characters, whatever was thrown', () => {
    expect(sentenceFor(new RangeError('two\nlines \u001b[31m'))).toBe('unexpected: RangeError: two�lines �[31m')
    expect(sentenceFor('text')).toBe('text')
  })
})
