import { describe, expect, it } from 'vitest'
import { ResponseBodyError } from '../errors/response-body-error.ts'
import { WWWAuthenticateChallengeError } from '../errors/www-authenticate-challenge-error.ts'
import { jweDecrypt } from '../jose/jwe-decrypt.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { ID_TOKEN_AUDIENCE } from '../tokens/id-token.rules.ts'
import type { processTokenResponse } from '../tokens/token-response.ts'
import { ACCESS_TOKEN, TOKEN_RESPONSE_STATUS, TOKEN_TYPE_RECOGNIZED } from '../tokens/token-response.rules.ts'
import { getValidatedIdTokenClaims } from '../tokens/validated-claims.ts'
import { as, client, idTokenClaims, json, tokenBody, unsignedJwt } from './answers.ts'
import { refuses, rejectionOf } from './refuses.ts'

/**
 * What all functions share that process a token endpoint's answer. The rules are tried one by one in
 * `tokens/token-response.test.ts` and the tests beside it; this shows that a function goes by them.
 */
export function processesTokenResponses(process: typeof processTokenResponse): void {
  describe('an answer of the token endpoint', () => {
    it('gives its members and the claims of its ID Token (RFC 6749 5.1)', async () => {
      const claims = idTokenClaims()
      const body = tokenBody({ id_token: unsignedJwt(claims), expires_in: '300', extra: [1] })
      const tokens = await process(as, client, json(body), undefined)
      expect(tokens).toEqual({ ...body, token_type: 'bearer', expires_in: 300 })
      expect(getValidatedIdTokenClaims(tokens)).toEqual(claims)
    })

    it('needs no ID Token, and has no claims then', async () => {
      const tokens = await process(as, client, json(tokenBody({ id_token: undefined })), undefined)
      expect(tokens).toEqual({ access_token: 'access', token_type: 'bearer' })
      expect(getValidatedIdTokenClaims(tokens)).toBeUndefined()
    })

    it('is refused with another status than 200 (RFC 6749 5.1)', async () => {
      await refuses(TOKEN_RESPONSE_STATUS, () => process(as, client, json(tokenBody(), 201), undefined))
    })

    it('is refused without access_token (RFC 6749 5.1)', async () => {
      const answer = () => json(tokenBody({ access_token: undefined }))
      await refuses(ACCESS_TOKEN, () => process(as, client, answer(), undefined))
    })

    it('is refused with an ID Token for another client (OIDC Core 3.1.3.7 item 3)', async () => {
      const id_token = unsignedJwt(idTokenClaims({ aud: 'bank' }))
      await refuses(ID_TOKEN_AUDIENCE, () => process(as, client, json(tokenBody({ id_token })), undefined))
    })

    it('is refused with a type of token that nobody recognizes (RFC 6749 7.1)', async () => {
      const answer = () => json(tokenBody({ token_type: 'MAC' }))
      await refuses(TOKEN_TYPE_RECOGNIZED, () => process(as, client, answer(), undefined))
      const recognizedTokenTypes = { mac: () => undefined }
      expect(await process(as, client, answer(), { recognizedTokenTypes })).toMatchObject({ token_type: 'mac' })
    })

    it('has its ID Token decrypted by jweDecrypt (OIDC Core 3.1.3.7 item 1)', async () => {
      const options = { [jweDecrypt]: () => Promise.resolve(unsignedJwt(idTokenClaims({ sub: 'inside' }))) }
      const tokens = await process(as, client, json(tokenBody({ id_token: 'a.b.c.d.e' })), options)
      expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'inside' })
    })

    it('is told as the error that it is (RFC 6749 5.2)', async () => {
      const body = { error: 'invalid_grant', error_description: 'in words' }
      const error = await rejectionOf(() => process(as, client, json(body, 400), undefined))
      expect(error).toBeInstanceOf(ResponseBodyError)
      expect(error).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', error: 'invalid_grant', status: 400 })
    })

    it('is told by its challenge (RFC 9110 11.6.1)', async () => {
      const answer = json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="op"' })
      const error = await rejectionOf(() => process(as, client, answer, undefined))
      expect(error).toBeInstanceOf(WWWAuthenticateChallengeError)
      expect(error).toMatchObject({ code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE', status: 401 })
    })

    it('is told to the trace of the client, check by check', async () => {
      const events: CheckEvent[] = []
      const traced = { ...client, [trace]: (event: CheckEvent) => void events.push(event) }
      await process(as, traced, json(tokenBody()), undefined)
      expect(events.map(({ rule }) => rule)).toContain(TOKEN_RESPONSE_STATUS.id)
      expect(events.filter(({ passed }) => !passed)).toEqual([])
    })
  })
}
