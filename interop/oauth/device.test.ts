import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  deviceAuthorizationRequest,
  type DeviceAuthorizationResponse,
  deviceCodeGrantRequest,
  deviceTransaction,
  type DeviceTransaction,
  getValidatedIdTokenClaims,
  poll as pollFor,
  processDeviceAuthorizationResponse,
  processDeviceCodeResponse,
  type TokenEndpointResponse,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from '../ciba/refusal.ts'
import { insecure, type Relationship } from '../ciba/relationship.ts'
import { registrationOf, relationshipOf } from '../ciba/shop.ts'
import { confirmDevice, type Person } from './browser.ts'
import { type RunningProvider, startInteractiveProvider } from './interactive-provider.ts'

describe('device authorization (RFC 8628)', () => {
  let provider: RunningProvider
  let television: Relationship

  beforeAll(async () => {
    provider = await startInteractiveProvider({
      clients: [
        {
          ...registrationOf('television'),
          grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
          redirect_uris: [],
          response_types: [],
        },
        registrationOf('shop'),
      ],
      features: {
        deviceFlow: {
          enabled: true,
          userCodeInputSource: (ctx, form) => void (ctx.body = form),
          userCodeConfirmSource: (ctx, form) => void (ctx.body = form),
          successSource: (ctx) => void (ctx.body = 'confirmed'),
        },
      },
    })
    television = await relationshipOf('television', provider.issuer)
  })

  afterAll(() => provider.close())

  async function authorize({ as, client, authentication } = television): Promise<DeviceAuthorizationResponse> {
    const response = await deviceAuthorizationRequest(as, client, authentication, { scope: 'openid' }, insecure)
    return await processDeviceAuthorizationResponse(as, client, response)
  }

  async function poll({ device_code }: { readonly device_code: string }): Promise<TokenEndpointResponse> {
    const { as, client, authentication } = television
    const response = await deviceCodeGrantRequest(as, client, authentication, device_code, insecure)
    const tokens = await processDeviceCodeResponse(as, client, response)
    await validateApplicationLevelSignature(as, response, insecure)
    return tokens
  }

  async function answer({ verification_uri_complete }: DeviceAuthorizationResponse, person?: Person): Promise<string> {
    return await confirmDevice(new URL(String(verification_uri_complete)), person)
  }

  it('names what the person needs (3.2)', async () => {
    const { user_code, verification_uri, verification_uri_complete, expires_in } = await authorize()
    expect(verification_uri).toBe(`${provider.issuer}/device`)
    expect(verification_uri_complete).toBe(`${verification_uri}?user_code=${user_code}`)
    expect(expires_in).toBe(60)
  })

  it('signs in after the person has confirmed (3.3 to 3.5)', async () => {
    const device = await authorize()
    await expectErrorAnswer(poll(device), 'authorization_pending')
    expect(await answer(device, { sub: 'bert' })).toBe('confirmed')
    const tokens = await poll(device)
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: provider.issuer, sub: 'bert', aud: 'television' })
    await expectErrorAnswer(poll(device), 'invalid_grant')
  })

  it('is refused where the person refuses (3.5)', async () => {
    const device = await authorize()
    await answer(device, { refused: true })
    await expectErrorAnswer(poll(device), 'access_denied')
  })

  it('is told nothing but pending by this server, however often it asks (3.5)', async () => {
    const device = await authorize()
    await expectErrorAnswer(poll(device), 'authorization_pending')
    await expectErrorAnswer(poll(device), 'authorization_pending')
  })

  it('is refused with a device_code that was never issued (RFC 6749 5.2)', async () => {
    await expectErrorAnswer(poll({ device_code: 'unknown' }), 'invalid_grant')
  })

  it('is refused at once where the client did not register for it (3.2, RFC 6749 5.2)', async () => {
    await expectErrorAnswer(authorize(await relationshipOf('shop', provider.issuer)), 'invalid_request')
  })

  describe('polled for', () => {
    /** This server names no interval; the tests do not wait for 5 seconds. */
    async function begin(): Promise<{ device: DeviceAuthorizationResponse; transaction: DeviceTransaction }> {
      const sentAt = Date.now()
      const device = await authorize()
      return { device, transaction: deviceTransaction({ ...device, interval: 1 }, sentAt) }
    }

    it('signs in when the person confirms, after pending answers (3.5)', async () => {
      const { device, transaction } = await begin()
      const { as, client, authentication } = television
      const statuses: string[] = []
      const { tokens, response } = await pollFor(as, client, transaction, {
        clientAuthentication: authentication,
        ...insecure,
        async onProgress({ status }) {
          statuses.push(status)
          if (statuses.length === 2) await answer(device, { sub: 'bert' })
        },
      })
      expect(statuses).toEqual(['pending', 'pending'])
      await validateApplicationLevelSignature(as, response, insecure)
      expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: provider.issuer, sub: 'bert', aud: 'television' })
    })

    it('ends where the person refuses (3.5)', async () => {
      const { device, transaction } = await begin()
      await answer(device, { refused: true })
      const { as, client, authentication } = television
      const options = { clientAuthentication: authentication, ...insecure }
      await expectErrorAnswer(pollFor(as, client, transaction, options), 'access_denied')
    })

    it('ends by itself where nobody answers in time (3.5)', async () => {
      const { transaction } = await begin()
      const { as, client, authentication } = television
      const options = { clientAuthentication: authentication, ...insecure }
      const brief = { ...transaction, expiresAt: transaction.nextPollAt + 500 }
      const outcome = pollFor(as, client, brief, options)
      await expectRuleRefusal(outcome, 'OAUTH_TRANSACTION_EXPIRED', 'polling.expires_in-device')
    })
  })
})
