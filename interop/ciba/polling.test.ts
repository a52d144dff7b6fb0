import { type ProviderOptions, type RunningProvider, startProvider } from '@countersign/cli/provider'
import { afterEach, describe, expect, it } from 'vitest'
import {
  cibaTransaction,
  type CibaTransaction,
  DPoP,
  generateKeyPair,
  getValidatedIdTokenClaims,
  pingedTransaction,
  poll,
  pollOnce,
  type PollOptions,
  validateApplicationLevelSignature,
} from 'countersign'
import { expectErrorAnswer, expectRuleRefusal } from './refusal.ts'
import { authenticate, insecure, type Relationship } from './relationship.ts'
import { registrationOf, relationshipOf } from './shop.ts'

describe('polling for a CIBA transaction (CIBA Core 10.1, 11)', () => {
  let provider: RunningProvider
  let shop: Relationship

  afterEach(() => provider.close())

  async function provide(more: ProviderOptions = {}): Promise<void> {
    provider = await startProvider({ clients: [registrationOf('shop')], interval: 1, ...more })
    shop = await relationshipOf('shop', provider.issuer)
  }

  async function begin(parameters?: Record<string, string>, acr_values?: string): Promise<CibaTransaction> {
    const sentAt = Date.now()
    return cibaTransaction(await authenticate(shop, parameters), sentAt, acr_values === undefined ? {} : { acr_values })
  }

  function pollFor(transaction: CibaTransaction, options: Partial<PollOptions<CibaTransaction>> = {}) {
    const { as, client, authentication } = shop
    return poll(as, client, transaction, { clientAuthentication: authentication, ...insecure, ...options })
  }

  it('gives the tokens when the person approves, after pending answers', async () => {
    await provide()
    const transaction = await begin()
    const statuses: string[] = []
    const { tokens, response } = await pollFor(transaction, {
      async onProgress({ status }) {
        statuses.push(status)
        if (statuses.length === 2) await provider.phone.approve(transaction.auth_req_id)
      },
    })
    expect(statuses).toEqual(['pending', 'pending'])
    expect(getValidatedIdTokenClaims(tokens)).toMatchObject({ iss: provider.issuer, sub: 'anna', aud: 'shop' })
    await validateApplicationLevelSignature(shop.as, response, insecure)
  })

  it('ends with access_denied when the person refuses', async () => {
    await provide()
    const transaction = await begin()
    await provider.phone.deny(transaction.auth_req_id)
    await expectErrorAnswer(pollFor(transaction), 'access_denied')
  })

  it('ends by itself when nobody answers in time (7.3)', async () => {
    await provide({ expiresIn: 5 })
    const statuses: string[] = []
    const outcome = pollFor(await begin(), { onProgress: ({ status }) => statuses.push(status) })
    await expectRuleRefusal(outcome, 'OAUTH_TRANSACTION_EXPIRED', 'polling.expires_in')
    // how many fit into 5 seconds is up to the machine
    expect(new Set(statuses)).toEqual(new Set(['pending']))
  })

  it('is slower when the server says so, which is when somebody else asks too (11)', async () => {
    await provide({ interval: 30 })
    const transaction = await begin()
    const { as, client, authentication } = shop
    const options = { clientAuthentication: authentication, ...insecure }
    // the server has just been asked, though the transaction does not know
    await pollOnce(as, client, { ...transaction, nextPollAt: 0 }, options)
    expect(await pollOnce(as, client, { ...transaction, nextPollAt: 0 }, options)).toMatchObject({
      status: 'slower',
      reason: 'slow_down',
      transaction: { interval: 35 },
    })
  })

  it('asks with the interval from the request and is not too fast for the server (10.1)', async () => {
    await provide()
    const transaction = await begin()
    const statuses: string[] = []
    await pollFor(transaction, {
      intervalFrom: 'request',
      async onProgress({ status }) {
        statuses.push(status)
        if (statuses.length === 3) await provider.phone.approve(transaction.auth_req_id)
      },
    })
    expect(statuses).toEqual(['pending', 'pending', 'pending'])
  })

  it('sends the server’s nonce at once where that is wanted (RFC 9449 8)', async () => {
    await provide({ requireDPoPNonce: true })
    const transaction = await begin()
    const handle = DPoP(shop.client, await generateKeyPair('ES256'))
    const statuses: string[] = []
    const { tokens } = await pollFor(transaction, {
      DPoP: handle,
      async onProgress({ status }) {
        statuses.push(status)
        await provider.phone.approve(transaction.auth_req_id)
      },
    })
    expect(statuses).toEqual(['pending'])
    expect(tokens.token_type).toBe('dpop')
  })

  it('asks at once after a ping (10.1, 10.2)', async () => {
    await provide({ interval: 60 })
    const transaction = await begin()
    await provider.phone.approve(transaction.auth_req_id)
    const { tokens } = await pollFor(pingedTransaction(transaction))
    expect(getValidatedIdTokenClaims(tokens)?.sub).toBe('anna')
  })

  it('insists on an acr (FAPI-CIBA 5.2.3.1 item 3)', async () => {
    await provide()
    const transaction = await begin({}, 'urn:gold urn:silver')
    await provider.phone.approve(transaction.auth_req_id, { acr: 'urn:silver' })
    const { tokens } = await pollFor(transaction)
    expect(getValidatedIdTokenClaims(tokens)?.acr).toBe('urn:silver')

    const other = await begin({}, 'urn:gold')
    await provider.phone.approve(other.auth_req_id, { acr: 'urn:bronze' })
    await expectRuleRefusal(pollFor(other), 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', 'id-token.acr')
  })

  it('tells a redeemed auth_req_id from a wrong one, where an answer was lost (10.1.1)', async () => {
    await provide()
    const transaction = await begin()
    await provider.phone.approve(transaction.auth_req_id)
    await pollFor(transaction)
    await expectErrorAnswer(pollFor(transaction), 'invalid_grant')
    await expectRuleRefusal(pollFor({ ...transaction, unanswered: true }), 'OAUTH_ANSWER_LOST', 'polling.answer-lost')
  })
})
