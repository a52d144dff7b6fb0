import { describe, expect, it } from 'vitest'
import { as, json } from '../testing/answers.ts'
import { everyTypeBut } from '../testing/one-of-each-type.ts'
import { refuses } from '../testing/refuses.ts'
import { DISCOVERY_ISSUER, DISCOVERY_ISSUER_PRESENT, processDiscoveryResponse } from './discovery.ts'
import { _nodiscoverycheck } from './metadata-document.ts'

const TENANT = 'https://op.example.com/{tenant}/v2.0'

describe('_nodiscoverycheck', () => {
  it('lets metadata through whose issuer is not the one of the URL, such as one with a place holder', async () => {
    const answer = () => json({ ...as, issuer: TENANT })
    expect(await processDiscoveryResponse(_nodiscoverycheck, answer())).toMatchObject({ issuer: TENANT })
    await refuses(DISCOVERY_ISSUER, () => processDiscoveryResponse(new URL(as.issuer), answer()))
  })

  it.each(everyTypeBut('a text'))(
    'lets no issuer through that is no text: %s (OpenID Connect Discovery 3)',
    async (_, issuer) => {
      const act = () => processDiscoveryResponse(_nodiscoverycheck, json({ ...as, issuer }))
      await refuses(DISCOVERY_ISSUER_PRESENT, act)
    },
  )
})
