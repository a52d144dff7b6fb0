import { startProvider, type RunningProvider } from '@countersign/cli/provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  discoveryRequest,
  HTTP_REQUEST_FORBIDDEN,
  JSON_ATTRIBUTE_COMPARISON,
  processDiscoveryResponse,
  RESPONSE_IS_NOT_CONFORM,
} from 'countersign'
import { expectRuleRefusal } from './refusal.ts'
import { insecure } from './relationship.ts'

describe('discovery of a running provider', () => {
  let provider: RunningProvider

  beforeAll(async () => {
    provider = await startProvider()
  })

  afterAll(() => provider.close())

  it.each(['oidc', 'oauth2'] as const)('reads its metadata at the well-known place of %s', async (algorithm) => {
    const issuer = new URL(provider.issuer)
    const as = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, { ...insecure, algorithm }))
    expect(as).toMatchObject({
      issuer: provider.issuer,
      token_endpoint: `${provider.issuer}/token`,
      backchannel_authentication_endpoint: `${provider.issuer}/backchannel`,
      backchannel_token_delivery_modes_supported: ['poll', 'ping'],
    })
  })

  it('refuses metadata of another issuer than the one asked for (OIDC Discovery 4.3, RFC 8414 3.3)', async () => {
    const alias = new URL(provider.issuer)
    alias.hostname = 'localhost'
    const response = await discoveryRequest(new URL(provider.issuer), insecure)
    await expectRuleRefusal(processDiscoveryResponse(alias, response), JSON_ATTRIBUTE_COMPARISON)
  })

  it('refuses what comes where no provider is', async () => {
    const issuer = new URL(`${provider.issuer}/elsewhere`)
    const response = await discoveryRequest(issuer, insecure)
    await expectRuleRefusal(processDiscoveryResponse(issuer, response), RESPONSE_IS_NOT_CONFORM)
  })

  it('sends nothing over http unless it is allowed (RFC 8414 2)', async () => {
    await expectRuleRefusal(discoveryRequest(new URL(provider.issuer)), HTTP_REQUEST_FORBIDDEN)
  })

  it('leaves the failure to connect as fetch tells it', async () => {
    const gone = await startProvider()
    await gone.close()
    await expect(discoveryRequest(new URL(gone.issuer), insecure)).rejects.toBeInstanceOf(TypeError)
  })
})
