import {
  OperationProcessingError,
  processDiscoveryResponse,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'countersign'
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

  it("adds the code to the library's own words about a rule", async () => {
    const lie = new Response('{"issuer":"https://other.example"}', { headers: { 'content-type': 'application/json' } })
    const refused = await processDiscoveryResponse(new URL('https://op.example'), lie).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OperationProcessingError)
    const sentence = sentenceFor(refused)
    const parts = ['discovery.issuer', 'OpenID Connect Discovery 1.0, section 4.3', '"https://other.example"']
    for (const part of [...parts, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED']) {
      expect(sentence.split(part)).toHaveLength(2)
    }
  })

  it('names code, rule, paragraph and what was compared, where the message does not', () => {
    const error = Object.assign(new TypeError('wrong issuer'), {
      code: 'SOME_CODE',
      rule: 'id-token.iss',
      spec: { document: 'OpenID Connect Core 1.0', section: '3.1.3.7 (2)' },
      expected: 'https://op.example',
      actual: 7,
    })
    expect(sentenceFor(error)).toBe(
      'unexpected: TypeError: wrong issuer [SOME_CODE; rule id-token.iss; ' +
        'OpenID Connect Core 1.0, section 3.1.3.7 (2); expected "https://op.example"; got 7]',
    )
  })

  it('says what the library does not support', () => {
    expect(sentenceFor(new UnsupportedOperationError('no such algorithm'))).toBe(
      'not supported: no such algorithm [OAUTH_UNSUPPORTED_OPERATION]',
    )
  })

  it('is one line without control characters, whatever was thrown', () => {
    expect(sentenceFor(new RangeError('two\nlines \u001b[31m'))).toBe('unexpected: RangeError: two�lines �[31m')
    expect(sentenceFor('text')).toBe('text')
  })
})
