import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  isDPoPNonceError,
  processPushedAuthorizationResponse,
  pushedAuthorizationRequest,
  validateAuthResponse,
} from 'countersign'
import { expectChallenge, expectErrorAnswer } from '../ciba/refusal.ts'
import { insecure, type Relationship, userInfo } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { comeBack } from './browser.ts'
import { authorizationUrl, begin, exchange } from './code-flow.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('a code and tokens that are bound to a DPoP key, with nonces of the server (RFC 9449)', () => {
  let provider: RunningProvider
  let shop: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [{ ...registrationOf('shop'), dpop_bound_access_tokens: true }],
      features: {
        dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
        pushedAuthorizationRequests: { enabled: true },
      },
    })
    shop = await relationshipOf('shop', provider.issuer)
  })

  afterAll(() => provider.close())

  /** What every caller does: once more, with the nonce that the handle has meanwhile. */
  async function retrying<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act()
    } catch (error) {
      if (!isDPoPNonceError(error)) throw error
      return await act()
    }
  }

  async function newHandle(): Promise<DPoPHandle> {
    return DPoP(shop.client, await generateKeyPair('ES256'))
  }

  async function push(
    { as, client, authentication }: Relationship,
    parameters: Record<string, string>,
    DPoP: DPoPHandle,
  ) {
    const options = { ...insecure, DPoP }
    const response = await pushedAuthorizationRequest(as, client, authentication, parameters, options)
    return await processPushedAuthorizationResponse(as, client, response)
  }

  async function authorize(parameters: Record<string, string>, state: string): Promise<URLSearchParams> {
    const callback = await comeBack(authorizationUrl(shop.as, parameters))
    return validateAuthResponse(shop.as, shop.client, callback, state)
  }

  it('pushes, exchanges and uses, each refused first without a nonce (8, 9, 10.1)', async () => {
    const handle = await newHandle()
    const begun = await begin(shop)
    const unprepared = push(shop, begun.parameters, handle)
    await expectErrorAnswer(unprepared, 'use_dpop_nonce')
    await expect(unprepared).rejects.toSatisfy(isDPoPNonceError)
    const { request_uri } = await push(shop, begun.parameters, handle)

    const answer = await authorize({ client_id: 'shop', request_uri }, begun.state)
    const signedIn = await exchange(shop, begun, answer, { DPoP: handle })
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: 'anna' })
  })

  it('refuses a code that was pushed with one key, with the proof of another (10.1)', async () => {
    const handle = await newHandle()
    const begun = await begin(shop)
    const { request_uri } = await retrying(() => push(shop, begun.parameters, handle))
    const answer = await authorize({ client_id: 'shop', request_uri }, begun.state)
    const stranger = await newHandle()
    const attempt = retrying(() => exchange(shop, begun, answer, { DPoP: stranger }))
    await expectErrorAnswer(attempt, 'invalid_grant')
  })

  it('binds the code by dpop_jkt, without pushing (10)', async () => {
    const handle = await newHandle()
    const begun = await begin(shop, { dpop_jkt: await handle.calculateThumbprint() })
    const answer = await authorize(begun.parameters, begun.state)
    const signedIn = await retrying(() => exchange(shop, begun, answer, { DPoP: handle }))
    expect(signedIn.tokens.token_type).toBe('dpop')

    const second = await begin(shop, { dpop_jkt: await handle.calculateThumbprint() })
    const stolen = await authorize(second.parameters, second.state)
    const stranger = await newHandle()
    await expectErrorAnswer(
      retrying(() => exchange(shop, second, stolen, { DPoP: stranger })),
      'invalid_grant',
    )
  })

  it('refuses UserInfo without a nonce, without a proof and with the proof of another key (7.1, 9)', async () => {
    const pair = await generateKeyPair('ES256')
    const handle = DPoP(shop.client, pair)
    const begun = await begin(shop)
    const answer = await authorize(begun.parameters, begun.state)
    const signedIn = await retrying(() => exchange(shop, begun, answer, { DPoP: handle }))

    // a second handle on the same key has seen no nonce yet
    const forgetful = DPoP(shop.client, pair)
    await expectChallenge(userInfo(shop, signedIn, { DPoP: forgetful }), 'dpop', 'use_dpop_nonce')
    expect(await userInfo(shop, signedIn, { DPoP: forgetful })).toMatchObject({ sub: 'anna' })
    await expectChallenge(userInfo(shop, signedIn), 'dpop', 'invalid_token')
    const stranger = await newHandle()
    const attempt = retrying(() => userInfo(shop, signedIn, { DPoP: stranger }))
    await expectChallenge(attempt, 'dpop', 'invalid_token')
  })

  it('is refused without a proof where the client registered for bound tokens (5.2)', async () => {
    const begun = await begin(shop)
    const answer = await authorize(begun.parameters, begun.state)
    await expectErrorAnswer(exchange(shop, begun, answer), 'invalid_grant')
  })
})
