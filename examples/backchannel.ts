// Sign-ins that outlive the process: begun once for an order, waited for, and their tokens taken once.
import type { allowInsecureRequests } from 'countersign'
import { type Backchannel, type BackchannelOptions, createBackchannel, embedded } from '@countersign/backchannel'

export interface Context extends Pick<BackchannelOptions, 'client' | 'clientAuthentication'> {
  readonly issuer: URL
  /** A folder of this application's, which no other process uses. */
  readonly folder: string
  /** 32 bytes from where this application keeps its secrets; the same ones at the next start. */
  readonly key: Uint8Array
  /** How requests leave; the tests allow those without TLS to their server on loopback. */
  readonly transport?: Pick<BackchannelOptions, typeof allowInsecureRequests>
}

/** Once, when the application starts: sign-ins that an earlier start began go on from here. */
export async function openSignIns({
  issuer,
  client,
  clientAuthentication,
  folder,
  key,
  transport,
}: Context): Promise<Backchannel> {
  return await createBackchannel({
    ...transport,
    issuer,
    client,
    clientAuthentication,
    backend: embedded({ path: folder }),
    encryptionKeys: [{ kid: '2026', key }],
  })
}

/** Whether the person behind an order has approved it. Called again for the same order, it asks nobody a second time. */
export async function isApproved(signIns: Backchannel, order: string, loginHint: string): Promise<string> {
  const { id } = await signIns.start({
    idempotencyKey: order,
    parameters: { scope: 'openid', login_hint: loginHint, binding_message: order },
  })
  await signIns.wait(id, { signal: AbortSignal.timeout(300_000) })
  const outcome = await signIns.take(id)
  switch (outcome.status) {
    case 'approved':
      return `approved by ${outcome.claims?.sub ?? 'nobody that the server names'}`
    case 'refused':
      return 'refused'
    case 'lost':
    case 'unacknowledged':
      // the person may have approved, or may never have been asked: only asking again tells
      return 'not known, ask again'
    case 'expired':
    case 'cancelled':
      return 'not answered'
    case 'failed':
      console.error('the sign-in failed', outcome.failure)
      return 'failed'
  }
}
