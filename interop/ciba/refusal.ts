import { expect } from 'vitest'
import {
  OperationProcessingError,
  RESPONSE_BODY_ERROR,
  RESPONSE_IS_NOT_JSON,
  ResponseBodyError,
  WWW_AUTHENTICATE_CHALLENGE,
  WWWAuthenticateChallengeError,
} from 'countersign'

/** The server answered with an OAuth error in the body (RFC 6749 §5.2). */
export async function expectErrorAnswer(attempt: Promise<unknown>, error: string, status = 400): Promise<void> {
  await expect(attempt).rejects.toBeInstanceOf(ResponseBodyError)
  await expect(attempt).rejects.toMatchObject({ code: RESPONSE_BODY_ERROR, error, status, cause: { error } })
}

/** The server answered with a challenge (RFC 9110 §11.6.1) that names an OAuth error. */
export async function expectChallenge(attempt: Promise<unknown>, scheme: string, error: string): Promise<void> {
  await expect(attempt).rejects.toBeInstanceOf(WWWAuthenticateChallengeError)
  await expect(attempt).rejects.toMatchObject({
    code: WWW_AUTHENTICATE_CHALLENGE,
    status: 401,
    cause: [{ scheme, parameters: { error } }],
  })
}

/** One of the library's own rules, this one if it is named, refused what the server sent, or what the caller asked. */
export async function expectRuleRefusal(attempt: Promise<unknown>, code: string, rule?: string): Promise<void> {
  await expect(attempt).rejects.toBeInstanceOf(OperationProcessingError)
  await expect(attempt).rejects.toMatchObject({ code, ...(rule !== undefined && { rule }) })
}

/** The server refused without saying why: neither a body nor a challenge, only this status. */
export async function expectSilentRefusal(attempt: Promise<unknown>, status: number): Promise<void> {
  await expectRuleRefusal(attempt, RESPONSE_IS_NOT_JSON, 'error-response.content-type')
  await expect(attempt).rejects.toMatchObject({ status, contentType: null, cause: { status } })
}
