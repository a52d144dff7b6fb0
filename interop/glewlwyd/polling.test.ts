import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  cibaTransaction,
  type CibaTransaction,
  deviceAuthorizationRequest,
  deviceTransaction,
  DPoP,
  generateKeyPair,
  getValidatedIdTokenClaims,
  poll,
  type PollOptions,
  processDeviceAuthorizationResponse,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { authenticate, discover, insecure, type Relationship } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, LOGIN_HINT, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { addRelationship } from './relationship.ts'

const request = { scope: `openid ${SCOPE}`, login_hint: LOGIN_HINT, binding_message: 'W4-K7' }

describe.skipIf(isServerLeftOut(GLEWLWYD))('polling at glewlwyd', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let shop: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd()
    as = await discover(glewlwyd.issuer)
    shop = await addRelationship(glewlwyd, as, { client_id: 'shop', scope: [SCOPE] })
  })

  afterAll(() => glewlwyd.stop())

  /** The server says 5 seconds and holds nobody to it; the tests do not wait for so long. */
  async function begin(): Promise<CibaTransaction> {
    const sentAt = Date.now()
    return cibaTransaction({ ...(await authenticate(shop, request)), interval: 1 }, sentAt)
  }

  function pollFor(transaction: CibaTransaction, options: Partial<PollOptions<CibaTransaction>> = {}) {
    return poll(as, shop.client, transaction, {
      clientAuthentication: shop.authentication,
      ...insecure,
      ...options,
    })
  }

  it('gives the tokens when the person approves, bound to a key (CIBA Core 10.1.1, RFC 9449 5)', async () => {
    const statuses: string[] = []
    const { tokens } = await pollFor(await begin(), {
      DPoP: DPoP(shop.client, await generateKeyPair('ES256')),
      async onProgress({ status }) {
        statuses.push(status)
        await glewlwyd.approve('shop')
      },
    })
    expect(statuses).toEqual(['pending'])
    expect(tokens.token_type).toBe('dpop')
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: glewlwyd.issuer, aud: 'shop' })
  })

  it('ends with access_denied when the person refuses (CIBA Core 11)', async () => {
    const transaction = await begin()
    await glewlwyd.deny('shop')
    await expectErrorAnswer(pollFor(transaction), 'access_denied')
  })

  it('tells a lost answer from that, though the server says the same of both (CIBA Core 10.1.1)', async () => {
    const transaction = await begin()
    await glewlwyd.approve('shop')
    await pollFor(transaction)
    await expectErrorAnswer(pollFor(transaction), 'access_denied')
    await expectRuleRefusal(pollFor({ ...transaction, unanswered: true }), 'OAUTH_ANSWER_LOST', 'polling.answer-lost')
  })

  it('asks about a device at the pace that the server holds it to (RFC 8628 3.5)', async () => {
    const { client, authentication } = shop
    const sentAt = Date.now()
    const started = await deviceAuthorizationRequest(as, client, authentication, { scope: request.scope }, insecure)
    const device = await processDeviceAuthorizationResponse(as, client, started)
    expect(device.interval).toBe(1)
    const statuses: string[] = []
    const { tokens } = await poll(as, client, deviceTransaction(device, sentAt), {
      clientAuthentication: authentication,
      ...insecure,
      async onProgress({ status }) {
        statuses.push(status)
        if (statuses.length === 2) await glewlwyd.comeBack(new URL(String(device.verification_uri_complete)))
      },
    })
    expect(statuses).toEqual(['pending', 'pending'])
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ aud: 'shop' })
  })
})
