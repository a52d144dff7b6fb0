import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TlsClientAuth } from 'countersign'
import { createCertificateAuthority, type Identity } from '@countersign/cli/tls'
import { type MutualProvider, startMutualProvider } from './mutual-provider.ts'
import { expectChallenge, expectErrorAnswer } from './refusal.ts'
import { authenticate, discover, poll, type Relationship, type SignedIn, userInfo } from './relationship.ts'

const SUBJECT = 'CN=shop'

describe('mutual TLS (RFC 8705)', () => {
  let mutual: MutualProvider

  beforeAll(async () => {
    mutual = await startMutualProvider({
      client_id: 'shop',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: SUBJECT,
      tls_client_certificate_bound_access_tokens: true,
    })
  })

  afterAll(() => mutual.stop())

  /** The client, with this certificate to show to a server that asks for one. */
  async function shopWith(identity: Identity, sent: string[] = []): Promise<Relationship> {
    const transport = mutual.transportWith(identity, sent)
    return {
      as: await discover(mutual.issuer, transport),
      client: { client_id: 'shop', id_token_signed_response_alg: 'ES256', use_mtls_endpoint_aliases: true },
      authentication: TlsClientAuth(),
      transport,
    }
  }

  async function signIn(relationship: Relationship): Promise<SignedIn> {
    const { auth_req_id } = await authenticate(relationship)
    await mutual.provider.approve(auth_req_id)
    return await poll(relationship, auth_req_id)
  }

  it('signs in with a certificate, at the aliases, and uses the token that is bound to it (2.1, 3, 5)', async () => {
    const { issuer, aliases } = mutual
    const sent: string[] = []
    const shop = await shopWith(await mutual.ca.issue(SUBJECT), sent)
    const signedIn = await signIn(shop)
    expect(signedIn.claims).toMatchObject({ iss: issuer, sub: 'anna', aud: 'shop' })
    expect(signedIn.tokens.token_type).toBe('bearer')
    expect(await userInfo(shop, signedIn)).toEqual({ sub: 'anna' })
    expect(sent).toEqual([
      `${issuer}/.well-known/openid-configuration`,
      `${aliases}/backchannel`,
      `${aliases}/token`,
      `${issuer}/jwks`,
      `${aliases}/me`,
    ])
  })

  it("is refused with the access token of another's certificate (3)", async () => {
    const signedIn = await signIn(await shopWith(await mutual.ca.issue(SUBJECT)))
    const thief = await shopWith(await mutual.ca.issue('CN=thief'))
    await expectChallenge(userInfo(thief, signedIn), 'bearer', 'invalid_token')
  })

  it('is refused at the ordinary endpoints, which ask for no certificate (5)', async () => {
    const shop = await shopWith(await mutual.ca.issue(SUBJECT))
    const ordinary = { ...shop, client: { ...shop.client, use_mtls_endpoint_aliases: false } }
    await expectErrorAnswer(authenticate(ordinary), 'invalid_client', 401)
  })

  it('is refused with a certificate for another subject (2.1)', async () => {
    await expectErrorAnswer(authenticate(await shopWith(await mutual.ca.issue('CN=somebody'))), 'invalid_client', 401)
  })

  it('is refused with a certificate of an authority that the server does not trust (2.1)', async () => {
    const stranger = await createCertificateAuthority('another authority')
    await expectErrorAnswer(authenticate(await shopWith(await stranger.issue(SUBJECT))), 'invalid_client', 401)
  })
})
