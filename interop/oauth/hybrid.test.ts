import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  INVALID_RESPONSE,
  issueRequestObject,
  JWT_CLAIM_COMPARISON,
  JWT_TIMESTAMP_CHECK,
  PrivateKeyJwt,
  UNSUPPORTED_OPERATION,
  UnsupportedOperationError,
  validateAuthResponse,
  validateCodeIdTokenResponse,
  validateDetachedSignatureResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack, comeBackWithForm, type Person } from './browser.ts'
import { authorizationUrl, begin, type Begun, exchange, withClient } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('response_type=code id_token (OIDC Core 3.3)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [
        {
          ...registrationOf('shop'),
          grant_types: ['authorization_code', 'implicit'],
          response_types: ['code id_token'],
        },
      ],
      responseTypes: ['code id_token'],
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  async function beginHybrid(more: Record<string, string> = {}): Promise<Begun> {
    return await begin(shop, { response_type: 'code id_token', ...more })
  }

  async function respond(more?: Record<string, string>, person?: Person) {
    const begun = await beginHybrid(more)
    return { begun, callback: await comeBack(authorizationUrl(shop.as, begun.parameters), person) }
  }

  async function validate(parameters: URL | Request | URLSearchParams, { nonce, state }: Begun, maxAge?: number) {
    return await validateCodeIdTokenResponse(shop.as, shop.client, parameters, nonce, state, maxAge, insecure)
  }

  it('signs in with the response in the fragment, c_hash and signature included (3.3.2.5, 3.3.2.11)', async () => {
    const { begun, callback } = await respond()
    expect(callback.search).toBe('')
    const answer = await validate(callback, begun)
    expect(answer.has('id_token')).toBe(false)
    expect((await exchange(shop, begun, answer)).claims.nonce).toBe(begun.nonce)
  })

  it('signs in with the response in a form (Form Post Response Mode 2)', async () => {
    const begun = await beginHybrid({ response_mode: 'form_post' })
    const request = await comeBackWithForm(authorizationUrl(shop.as, begun.parameters))
    expect((await exchange(shop, begun, await validate(request, begun))).claims.sub).toBe('anna')
  })

  it('refuses the code of another response beside this ID Token (3.3.2.10)', async () => {
    const { begun, callback } = await respond()
    const mixed = new URLSearchParams(callback.hash.slice(1))
    const other = new URLSearchParams((await respond()).callback.hash.slice(1))
    mixed.set('code', String(other.get('code')))
    await expectRuleRefusal(validate(mixed, begun), JWT_CLAIM_COMPARISON, 'hybrid-response.c_hash')
  })

  it('refuses an ID Token whose signature was changed (3.1.3.7 item 6)', async () => {
    const { begun, callback } = await respond()
    const changed = new URLSearchParams(callback.hash.slice(1))
    const [header, payload] = String(changed.get('id_token')).split('.')
    changed.set('id_token', `${header}.${payload}.${'A'.repeat(86)}`)
    await expectRuleRefusal(validate(changed, begun), INVALID_RESPONSE, 'signature.value')
  })

  it('refuses the state and the nonce of another request (RFC 6749 10.12, OIDC Core 3.1.3.7 item 11)', async () => {
    const { begun, callback } = await respond()
    await expectRuleRefusal(
      validate(callback, { ...begun, state: 'another' }),
      INVALID_RESPONSE,
      'authorization-response.state',
    )
    await expectRuleRefusal(validate(callback, { ...begun, nonce: 'another' }), JWT_CLAIM_COMPARISON, 'id-token.nonce')
  })

  it('holds auth_time to max_age (3.1.3.7 item 13)', async () => {
    const person = { auth_time: Math.floor(Date.now() / 1000) - 600 }
    const { begun, callback } = await respond({ max_age: '3600' }, person)
    expect((await validate(callback, begun, 3600)).has('code')).toBe(true)
    await expectRuleRefusal(validate(callback, begun, 300), JWT_TIMESTAMP_CHECK, 'id-token.auth_time-age')
  })

  it('is refused without s_hash where the ID Token is to be a detached signature (FAPI 1.0 Advanced 5.2.2.1)', async () => {
    const { begun, callback } = await respond()
    await expectRuleRefusal(validateDetached(shop, callback, begun), INVALID_RESPONSE, 'hybrid-response.s_hash-present')
  })

  it('is refused where a code alone is expected (Multiple Response Types 5)', async () => {
    const { begun, callback } = await respond()
    const parameters = new URLSearchParams(callback.hash.slice(1))
    // beside an ID Token, which has iss too, this server sends none (RFC 9207 2)
    const as = { ...shop.as, authorization_response_iss_parameter_supported: false }
    const attempt = async () => validateAuthResponse(as, shop.client, parameters, begun.state)
    await expect(attempt()).rejects.toBeInstanceOf(UnsupportedOperationError)
    await expect(attempt()).rejects.toMatchObject({ code: UNSUPPORTED_OPERATION })
  })
})

describe('an ID Token as detached signature (FAPI 1.0 Advanced 5.2.2.1)', () => {
  let provider: RunningProvider
  let key: ClientKey
  let shop: Relationship

  beforeAll(async () => {
    key = await generateClientKey('ES256')
    provider = await startInteractiveProvider({
      clients: [
        {
          client_id: 'shop',
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [key.publicJwk] },
          grant_types: ['authorization_code', 'implicit'],
          response_types: ['code id_token'],
          request_object_signing_alg: 'ES256',
        },
      ],
      responseTypes: ['code id_token'],
      features: { fapi: { enabled: true, profile: '1.0 Final' }, requestObjects: { enabled: true } },
    })
    const relationship = await relationshipOf('shop', provider.issuer)
    shop = withClient(relationship, {}, PrivateKeyJwt(key.privateKey))
  })

  afterAll(() => provider.close())

  it('signs in with s_hash, which answers to state alone (5.2.3.1)', async () => {
    const { as, client } = shop
    const begun = await begin(shop, { response_type: 'code id_token' })
    const request = await issueRequestObject(as, client, begun.parameters, key.privateKey)
    const parameters = { client_id: 'shop', response_type: 'code id_token', scope: 'openid', request }
    const callback = await comeBack(authorizationUrl(as, parameters))
    const answer = await validateDetached(shop, callback, begun)
    expect((await exchange(shop, begun, answer)).claims.sub).toBe('anna')

    const replaced = new URLSearchParams(callback.hash.slice(1))
    replaced.set('state', 'another')
    await expectRuleRefusal(
      validateDetached(shop, replaced, { ...begun, state: 'another' }),
      JWT_CLAIM_COMPARISON,
      'hybrid-response.s_hash',
    )
  })
})

async function validateDetached({ as, client }: Relationship, parameters: URL | URLSearchParams, expected: Begun) {
  const { nonce, state } = expected
  return await validateDetachedSignatureResponse(as, client, parameters, nonce, state, undefined, insecure)
}
