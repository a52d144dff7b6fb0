import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  backchannelAuthenticationRequest,
  type BackchannelAuthenticationResponse,
  DPoP,
  generateKeyPair,
  initiateBackchannelAuthentication,
  issueRequestObject,
  processBackchannelAuthenticationResponse,
} from 'countersign'
import { type ClientKey, generateClientKey } from '../ciba/client-key.ts'
import { expectErrorAnswer } from '../ciba/refusal.ts'
import { authenticate, discover, insecure, poll, type Relationship, userInfo } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, PERSON, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { addRelationship } from './relationship.ts'

const AUTH_REQ_ID = 'urn:openid:params:jwt:claim:auth_req_id'

const request = { scope: `openid ${SCOPE}`, login_hint: LOGIN_HINT, binding_message: 'W4-K7' }

describe.skipIf(isServerLeftOut(GLEWLWYD))('CIBA at glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let key: ClientKey
  let shop: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    key = await generateClientKey('ES256')
    shop = await addRelationship(glewlwyd, as, { client_id: 'shop' })
  })

  afterAll(() => glewlwyd.stop())

  /** A client that signs its requests. */
  function signing(client_id: string) {
    return {
      client_id,
      token_endpoint_auth_method: ['client_secret_post', 'private_key_jwt'],
      jwks: { keys: [key.publicJwk] },
      backchannel_authentication_request_signing_alg: 'ES256',
    }
  }

  async function authenticateSigned(
    { client, authentication }: Relationship,
    parameters: Record<string, string>,
  ): Promise<BackchannelAuthenticationResponse> {
    const object = await issueRequestObject(as, client, parameters, key.privateKey)
    const response = await backchannelAuthenticationRequest(as, client, authentication, { request: object }, insecure)
    return await processBackchannelAuthenticationResponse(as, client, response)
  }

  it('gives tokens once the person has approved, and not before (CIBA Core 10.1.1, 11)', async () => {
    const { auth_req_id, expires_in, interval } = await authenticate(shop, request)
    expect({ expires_in, interval }).toEqual({ expires_in: 600, interval: 5 })
    await expectErrorAnswer(poll(shop, auth_req_id), 'authorization_pending')

    await glewlwyd.approve('shop')
    const signedIn = await poll(shop, auth_req_id)
    expect(signedIn.claims).toMatchObject({
      iss: glewlwyd.issuer,
      aud: 'shop',
      azp: 'shop',
      [AUTH_REQ_ID]: auth_req_id,
    })
    expect(signedIn.tokens).toMatchObject({ token_type: 'bearer', expires_in: 600, refresh_token: expect.any(String) })
    const { name, email } = PERSON
    expect(await userInfo(shop, signedIn)).toEqual({ sub: signedIn.claims.sub, name, email })
  })

  it('gives access_denied when the person has refused (11)', async () => {
    const { auth_req_id } = await authenticate(shop, request)
    await glewlwyd.deny('shop')
    await expectErrorAnswer(poll(shop, auth_req_id), 'access_denied')
  })

  it('says slow_down to nobody, however fast one polls (11)', async () => {
    const { auth_req_id } = await authenticate(shop, request)
    await expectErrorAnswer(poll(shop, auth_req_id), 'authorization_pending')
    await expectErrorAnswer(poll(shop, auth_req_id), 'authorization_pending')
  })

  it('takes a signed request (7.1.1)', async () => {
    const bank = await addRelationship(glewlwyd, as, signing('bank'))
    const { auth_req_id } = await authenticateSigned(bank, request)
    await glewlwyd.approve('bank')
    expect((await poll(bank, auth_req_id)).claims).toMatchObject({ aud: 'bank', [AUTH_REQ_ID]: auth_req_id })
  })

  it('takes one that is checked first, with nothing of the request beside it (4, 7.1, 7.1.1)', async () => {
    const bank = await addRelationship(glewlwyd, as, signing('checked'))
    const client = {
      ...bank.client,
      backchannel_token_delivery_mode: 'poll',
      backchannel_authentication_request_signing_alg: 'ES256',
    }
    const { acknowledgement, transaction } = await initiateBackchannelAuthentication(as, client, bank.authentication, {
      parameters: { ...request, requested_expiry: 60 },
      signingKey: key.privateKey,
      ...insecure,
    })
    expect(acknowledgement.expires_in).toBe(60)
    await glewlwyd.approve('checked')
    expect((await poll(bank, transaction.auth_req_id)).claims).toMatchObject({
      aud: 'checked',
      [AUTH_REQ_ID]: transaction.auth_req_id,
    })
  })

  it('binds the tokens to a DPoP key (RFC 9449 5)', async () => {
    const handle = DPoP(shop.client, await generateKeyPair('ES256'))
    const { auth_req_id } = await authenticate(shop, request)
    await glewlwyd.approve('shop')
    const signedIn = await poll(shop, auth_req_id, { DPoP: handle })
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: signedIn.claims.sub })
  })

  it('takes a signed request only from who may use private_key_jwt, whatever it authenticates with (7.1.1)', async () => {
    const client = { ...signing('unable'), token_endpoint_auth_method: ['client_secret_post'] }
    const unable = await addRelationship(glewlwyd, as, client)
    await expectErrorAnswer(authenticateSigned(unable, request), 'invalid_client', 403)
    expect(await authenticate(unable, request)).toMatchObject({ expires_in: 600 })
  })

  it('calls a person that it does not know invalid_request (13: unknown_user_id)', async () => {
    const stranger = JSON.stringify({ username: 'nobody' })
    await expectErrorAnswer(authenticate(shop, { ...request, login_hint: stranger }), 'invalid_request')
    await expectErrorAnswer(authenticate(shop, { ...request, login_hint: PERSON.username }), 'invalid_request')
  })

  it('names what is wrong with a binding_message (13)', async () => {
    const attempt = authenticate(shop, { ...request, binding_message: 'x'.repeat(300) })
    await expectErrorAnswer(attempt, 'invalid_binding_message')
  })

  it('calls an auth_req_id that was redeemed access_denied (11: invalid_grant)', async () => {
    const { auth_req_id } = await authenticate(shop, request)
    await glewlwyd.approve('shop')
    await poll(shop, auth_req_id)
    await expectErrorAnswer(poll(shop, auth_req_id), 'access_denied')
  })

  it('gives invalid_grant for one that was never issued, unauthorized_client for that of another client (11)', async () => {
    const bank = await addRelationship(glewlwyd, as, { client_id: 'other' })
    const { auth_req_id } = await authenticate(shop, request)
    await expectErrorAnswer(poll(shop, 'of-nobody'), 'invalid_grant')
    await expectErrorAnswer(poll(bank, auth_req_id), 'unauthorized_client', 403)
  })

  it('lets one request of a client wait: the next one for the same person ends it as an invalid_grant', async () => {
    const first = await authenticate(shop, request)
    const second = await authenticate(shop, request)
    await glewlwyd.approve('shop')
    await expectErrorAnswer(poll(shop, first.auth_req_id), 'invalid_grant')
    expect((await poll(shop, second.auth_req_id)).claims).toMatchObject({ [AUTH_REQ_ID]: second.auth_req_id })
  })

  it('gives expired_token when nobody has answered in time (11)', async () => {
    const { auth_req_id, expires_in } = await authenticate(shop, { ...request, requested_expiry: '1' })
    expect(expires_in).toBe(1)
    await sleep(2100)
    await expectErrorAnswer(poll(shop, auth_req_id), 'expired_token')
  })
})
