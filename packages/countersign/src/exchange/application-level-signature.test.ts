import { afterEach, describe, expect, it, vi } from 'vitest'
import { processUserInfoResponse, skipSubjectCheck } from '../endpoints/userinfo.ts'
import { processBackchannelAuthenticationGrantResponse } from '../grants/ciba.ts'
import { SIGNATURE_VALID } from '../jose/verification.ts'
import type { AuthorizationServer } from '../metadata/authorization-server.ts'
import { type CheckEvent, trace } from '../rules/trace.ts'
import { as, client, idTokenClaims, json, tokenBody } from '../testing/answers.ts'
import { isCallersMistake } from '../testing/callers-mistake.ts'
import { type KeyServer, keyServer } from '../testing/key-server.ts'
import { refuses, rejectionOf } from '../testing/refuses.ts'
import { signedJwt, signingKey } from '../testing/signed.ts'
import { validateApplicationLevelSignature } from './application-level-signature.ts'

const key = signingKey('RS256', 'a')
const { jwk, ...rest } = signingKey('RS256', 'b')
const otherKey = { ...rest, jwk: { ...jwk, kid: 'a' } }

// keys are kept with the metadata
function server(): AuthorizationServer {
  return { ...as, userinfo_signing_alg_values_supported: ['RS256'] }
}

/** A token response that was processed. */
async function processed(id_token: string): Promise<Response> {
  const response = json(tokenBody({ id_token }))
  await processBackchannelAuthenticationGrantResponse(as, client, response)
  return response
}

function verify(response: Response, { options }: KeyServer = keyServer(key.jwk)): Promise<void> {
  return validateApplicationLevelSignature(server(), response, options)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the signature of a processed answer', () => {
  it('of an ID Token is verified under a key of the server (OIDC Core 3.1.3.7 item 6)', async () => {
    const keys = keyServer(key.jwk)
    await verify(await processed(signedJwt(key)), keys)
    expect(keys.requests).toEqual([as.jwks_uri])
  })

  it('is verified by the global fetch where there are no options', async () => {
    const globalFetch = vi.fn<typeof fetch>(() => Promise.resolve(json({ keys: [key.jwk] })))
    vi.stubGlobal('fetch', globalFetch)
    await validateApplicationLevelSignature(server(), await processed(signedJwt(key)))
    expect(globalFetch).toHaveBeenCalledExactlyOnceWith(as.jwks_uri, expect.objectContaining({ method: 'GET' }))
  })

  it('of UserInfo is verified under a key of the server (OIDC Core 5.3.2)', async () => {
    const jwt = signedJwt(key, { sub: 'anna', iss: as.issuer, aud: client.client_id })
    const response = () => new Response(jwt, { headers: { 'content-type': 'application/jwt' } })
    const genuine = response()
    await processUserInfoResponse(server(), client, skipSubjectCheck, genuine)
    await verify(genuine)

    await refuses(SIGNATURE_VALID, () => verify(genuine, keyServer(otherKey.jwk)))
  })

  it('is refused under another key (RFC 7515 5.2)', async () => {
    const response = await processed(signedJwt(otherKey))
    await refuses(SIGNATURE_VALID, () => verify(response))
  })

  it('is refused where the claims were changed (RFC 7515 5.2)', async () => {
    const [header, , signature] = signedJwt(key).split('.')
    const [, claims] = signedJwt(key, idTokenClaims({ sub: 'bert' })).split('.')
    const response = await processed([header, claims, signature].join('.'))
    await refuses(SIGNATURE_VALID, () => verify(response))
  })

  it('shows its checks to the trace among the options', async () => {
    const events: CheckEvent[] = []
    const { options } = keyServer(key.jwk)
    const response = await processed(signedJwt(key))
    await validateApplicationLevelSignature(server(), response, { ...options, [trace]: (event) => events.push(event) })
    expect(events.map(({ rule, passed }) => [rule, passed])).toContainEqual([SIGNATURE_VALID.id, true])
  })

  it.each<[string, () => unknown]>([
    ['was not processed', () => json(tokenBody({ id_token: signedJwt(key) }))],
    ['held no JWT', () => withoutIdToken()],
    ['was refused', () => refused()],
    ['is a JWT alone', () => signedJwt(key)],
    ['is missing', () => undefined],
  ])('is not verified where the answer %s', async (_title, response) => {
    const keys = keyServer(key.jwk)
    // what callers without types do
    const ref = (await response()) as Response
    await isCallersMistake('ERR_INVALID_ARG_VALUE', () => verify(ref, keys))
    expect(keys.requests).toEqual([])
  })

  it.each([
    ['missing', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a text', as.issuer, 'ERR_INVALID_ARG_TYPE'],
    ['without a name', { jwks_uri: as.jwks_uri }, 'ERR_INVALID_ARG_TYPE'],
  ] as const)('is not verified where the server is %s', async (_title, metadata, code) => {
    const response = await processed(signedJwt(key))
    // what callers without types do
    await isCallersMistake(code, () => validateApplicationLevelSignature(metadata as AuthorizationServer, response))
  })
})

async function withoutIdToken(): Promise<Response> {
  const response = json(tokenBody({ id_token: undefined }))
  await processBackchannelAuthenticationGrantResponse(as, client, response)
  return response
}

async function refused(): Promise<Response> {
  const response = json(tokenBody({ id_token: signedJwt(key, idTokenClaims({ iss: 'https://evil.example' })) }))
  expect(await rejectionOf(() => processBackchannelAuthenticationGrantResponse(as, client, response))).toMatchObject({
    code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  })
  return response
}
