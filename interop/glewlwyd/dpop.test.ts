import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AuthorizationServer,
  clockSkew,
  DPoP,
  type DPoPHandle,
  generateKeyPair,
  isDPoPNonceError,
  RESPONSE_IS_NOT_CONFORM,
} from 'countersign'
import { expectChallenge, expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { discover, type Relationship, userInfo } from '../ciba/relationship.ts'
import { GLEWLWYD, type Glewlwyd, SCOPE, startGlewlwyd } from '@countersign/cli/servers'
import { isServerLeftOut } from '../servers/packaged.ts'
import { signInAt } from '../servers/sign-in.ts'
import { clientCredentials } from '../servers/tokens.ts'
import { addRelationship } from './relationship.ts'

const scope = `openid ${SCOPE}`

describe.skipIf(isServerLeftOut(GLEWLWYD))('DPoP at glewlwyd, which wants its nonces (RFC 9449)', () => {
  let glewlwyd: Glewlwyd
  let as: AuthorizationServer
  let shop: Relationship

  beforeAll(async () => {
    glewlwyd = await startGlewlwyd({
      parameters: { 'oauth-dpop-nonce-mandatory': true, 'oauth-dpop-nonce-counter': 3 },
    })
    as = await discover(glewlwyd.issuer)
    shop = await addRelationship(glewlwyd, as, { client_id: 'shop', scope: [SCOPE] })
  })

  afterAll(() => glewlwyd.stop())

  async function newHandle(): Promise<DPoPHandle> {
    return DPoP(shop.client, await generateKeyPair('ES256'))
  }

  it('gives the client a bound token once it has the nonce (8)', async () => {
    const handle = await newHandle()
    const unprepared = clientCredentials(shop, { scope: SCOPE }, { DPoP: handle })
    await expectErrorAnswer(unprepared, 'use_dpop_nonce')
    await expect(unprepared).rejects.toSatisfy(isDPoPNonceError)
    const tokens = await clientCredentials(shop, { scope: SCOPE }, { DPoP: handle })
    expect(tokens.token_type).toBe('dpop')
    const { cnf } = claimsOf(tokens.access_token)
    expect(cnf).toEqual({ jkt: await handle.calculateThumbprint() })
  })

  it('signs in, and tells of the person to the holder of the key (5, 7.1, 9)', async () => {
    const handle = await newHandle()
    await expectErrorAnswer(signInAt(glewlwyd, shop, { scope }, handle), 'use_dpop_nonce')
    const signedIn = await signInAt(glewlwyd, shop, { scope }, handle)
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect(await userInfo(shop, signedIn, { DPoP: handle })).toMatchObject({ sub: signedIn.claims.sub })

    const stranger = await newHandle()
    await expectChallenge(userInfo(shop, signedIn, { DPoP: stranger }), 'dpop', 'use_dpop_nonce')
    // RFC 9449 §7.1: the proof's key must be the one that the token is bound to; this server takes any
    expect(await userInfo(shop, signedIn, { DPoP: stranger })).toMatchObject({ sub: signedIn.claims.sub })
  })

  it('refuses a proof of the next second, if only a moment ahead of its clock (4.3, 11.1)', async () => {
    const early = DPoP({ ...shop.client, [clockSkew]: 1 }, await generateKeyPair('ES256'))
    await expectErrorAnswer(clientCredentials(shop, { scope: SCOPE }, { DPoP: early }), 'invalid_dpop_proof', 403)
    const behind = await newHandle()
    await expectErrorAnswer(clientCredentials(shop, { scope: SCOPE }, { DPoP: behind }), 'use_dpop_nonce')
  })

  it('refuses a bound token without a proof by a 401 that has no challenge (7.1)', async () => {
    const handle = await newHandle()
    await expectErrorAnswer(signInAt(glewlwyd, shop, { scope }, handle), 'use_dpop_nonce')
    const attempt = userInfo(shop, await signInAt(glewlwyd, shop, { scope }, handle))
    await expectRuleRefusal(attempt, RESPONSE_IS_NOT_CONFORM, 'userinfo.status')
    await expect(attempt).rejects.toMatchObject({ status: 401, actual: 401 })
  })
})

function claimsOf(jwt: string): { readonly cnf?: unknown } {
  const [, payload = ''] = jwt.split('.')
  // the server's own JWT
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { cnf?: unknown }
}
