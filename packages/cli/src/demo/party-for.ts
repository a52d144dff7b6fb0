import { assertGlewlwyd, atGlewlwyd } from './at-glewlwyd.ts'
import { elsewhere } from './elsewhere.ts'
import { embedded } from './embedded.ts'
import { openNotificationEndpoint } from './notification-endpoint.ts'
import type { DemoOptions } from './options.ts'
import type { RelyingParty } from './relying-party.ts'

/** The relying party that the command line asks for. What is started for it ends with its `close`. */
export async function partyFor(options: DemoOptions): Promise<RelyingParty> {
  const { issuer, mode, deny } = options
  if (issuer) return elsewhere(issuer, options)
  if (mode === 'poll') return await embedded({ mode })
  if (mode === 'push') assertGlewlwyd()
  const endpoint = await openNotificationEndpoint()
  try {
    const party = mode === 'ping' ? await embedded({ mode, endpoint }) : await atGlewlwyd({ mode, endpoint }, deny)
    return {
      ...party,
      async close() {
        await party.close()
        await endpoint.close()
      },
    }
  } catch (error) {
    await endpoint.close()
    throw error
  }
}
