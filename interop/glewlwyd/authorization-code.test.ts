import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  type IDToken,
  issueRequestObject,
  JWT_TIMESTAMP_CHECK,
  processPushedAuthorizationResponse,
  pushedAuthorizationRequest,
  skipAuthTimeCheck,
  validateAuthResponse,
  validateJwtAuthResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { expectErrorAnswer, expectRuleRefusal, expectSilentRefusal } from '../ciba/refusal.ts'
import { discover, insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { authorizationUrl, begin, type Begun, exchange } from '../oauth/code-flow.ts'
import { REDIRECT_URI } from '../oauth/interactive-provider.ts'
import { GLEWLWYD, type Glewlwyd, PERSON, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { signInAt } from '../servers/sign-in.ts'
import { addRelationship } from './relationship.ts'

const scope = `openid ${SCOPE}`

describe.skipIf(isServerLeftOut(GLEWLWYD))('the authorization code flow at glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let key: ClientKey
  let shop: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    key = await generateClientKey('ES256')
    shop = await addRelationship(glewlwyd, as, {
      client_id: 'shop',
      token_endpoint_auth_method: ['client_secret_post', 'private_key_jwt'],
      jwks: { keys: [key.publicJwk] },
    })
  })

  afterAll(() => glewlwyd.stop())

  /** With what the person's browser comes back, sent there with these parameters. */
  async function answerTo(parameters: Readonly<Record<string, string>>, { state }: Begun): Promise<URLSearchParams> {
    return validateAuthResponse(as, shop.client, await glewlwyd.comeBack(authorizationUrl(as, parameters)), state)
  }

  async function push(parameters: Record<string, string>): Promise<string> {
    const response = await pushedAuthorizationRequest(as, shop.client, shop.authentication, parameters, insecure)
    return (await processPushedAuthorizationResponse(as, shop.client, response)).request_uri
  }

  function sign(parameters: Record<string, string>): Promise<string> {
    return issueRequestObject(as, shop.client, parameters, key.privateKey)
  }

  it('signs in with PKCE, state, iss and nonce, and tells of the person (OIDC Core 3.1, RFC 7636, RFC 9207)', async () => {
    const begun = await begin(shop, { scope })
    const callback = await glewlwyd.comeBack(authorizationUrl(as, begun.parameters))
    expect(`${callback.origin}${callback.pathname}`).toBe(REDIRECT_URI)
    const answer = validateAuthResponse(as, shop.client, callback, begun.state)
    expect(answer.get('iss')).toBe(glewlwyd.issuer)

    const signedIn = await exchange(shop, begun, answer)
    expect(signedIn.claims).toMatchObject({ iss: glewlwyd.issuer, aud: 'shop', azp: 'shop', nonce: begun.nonce })
    const { name, email } = PERSON
    expect(await userInfo(shop, signedIn)).toEqual({ sub: signedIn.claims.sub, name, email })
  })

  const forms: Record<string, (parameters: Record<string, string>) => Promise<Record<string, string>>> = {
    'a request object (RFC 9101 5)': async (parameters) => ({ request: await sign(parameters) }),
    'a pushed request (RFC 9126 2)': async (parameters) => ({ request_uri: await push(parameters) }),
    'a pushed request object (RFC 9126 3)': async (parameters) => ({
      request_uri: await push({ request: await sign(parameters) }),
    }),
  }

  it.each(Object.entries(forms))('takes %s', async (_form, form) => {
    const begun = await begin(shop, { scope })
    const parameters = { client_id: 'shop', ...(await form(begun.parameters)) }
    expect((await exchange(shop, begun, await answerTo(parameters, begun))).claims.aud).toBe('shop')
  })

  it.each(['jwt', 'query.jwt'])('answers with a signed response in the mode %s (JARM 2.3)', async (mode) => {
    const begun = await begin(shop, { scope, response_mode: mode })
    const callback = await glewlwyd.comeBack(authorizationUrl(as, begun.parameters))
    expect([...callback.searchParams.keys()]).toContain('response')
    const answer = await validateJwtAuthResponse(as, shop.client, callback, begun.state, insecure)
    expect((await exchange(shop, begun, answer)).claims.aud).toBe('shop')
  })

  it('calls a code that was exchanged, or another verifier, invalid_code (RFC 6749 5.2: invalid_grant)', async () => {
    const begun = await begin(shop, { scope })
    const answer = await answerTo(begun.parameters, begun)
    await expectErrorAnswer(exchange(shop, await begin(shop), answer), 'invalid_code', 403)
    await exchange(shop, begun, answer)
    await expectErrorAnswer(exchange(shop, begun, answer), 'invalid_code', 403)
  })

  it('does not say why it refuses a pushed request (RFC 9126 2.3)', async () => {
    await expectSilentRefusal(push({ scope, response_type: 'nothing' }), 403)
  })

  it('does not say why it refuses a pushed request object where the client has no private_key_jwt', async () => {
    const { publicJwk } = key
    await addRelationship(glewlwyd, as, { client_id: 'unsigned', jwks: { keys: [publicJwk] } })
    const client = { client_id: 'unsigned' }
    const { parameters } = await begin({ ...shop, client }, { scope })
    const request = await issueRequestObject(as, client, parameters, key.privateKey)
    const response = pushedAuthorizationRequest(as, client, shop.authentication, { request }, insecure)
    await expectSilentRefusal(processPushedAuthorizationResponse(as, client, await response), 403)
  })

  it('gives 0 as auth_time, which max_age refuses (OIDC Core 3.1.3.7 item 13)', async () => {
    async function authenticated(maxAge: number | typeof skipAuthTimeCheck): Promise<IDToken> {
      const begun = await begin(shop, { scope, max_age: '600' })
      return (await exchange(shop, begun, await answerTo(begun.parameters, begun), { maxAge })).claims
    }
    await expectRuleRefusal(authenticated(600), JWT_TIMESTAMP_CHECK, 'id-token.auth_time-age')
    expect((await authenticated(skipAuthTimeCheck)).auth_time).toBe(0)
  })

  it('signs in again with the session of before', async () => {
    const [first, second] = [await signInAt(glewlwyd, shop, { scope }), await signInAt(glewlwyd, shop, { scope })]
    expect(second.claims).toMatchObject({ sub: first.claims.sub, sid: first.claims.sid })
  })
})
