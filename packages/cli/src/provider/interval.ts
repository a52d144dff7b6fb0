import type { KoaContextWithOIDC } from 'oidc-provider'

/** A timer may fire a little early, and the request's way is not always equally long: neither is the client's fault. */
const LENIENCE = 100
const SLOWER_BY = 5000

/**
 * `oidc-provider` neither sends `interval` nor holds a client to it. This middleware does both (CIBA Core §7.3, §11):
 * a poll that is still pending and came too soon after the one before it is answered `slow_down`, and from then on that
 * request's interval is five seconds longer.
 */
export function pollingInterval(seconds: number) {
  const polls = new Map<string, { last: number; interval: number }>()

  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    const arrived = performance.now()
    await next()
    const body: unknown = ctx.body
    if (!isMembers(body)) {
      return
    }
    if (ctx.oidc.route === 'backchannel_authentication' && ctx.status === 200) {
      body.interval = seconds
    }
    const authReqId = ctx.oidc.params?.auth_req_id
    if (ctx.oidc.route === 'token' && body.error === 'authorization_pending' && typeof authReqId === 'string') {
      const before = polls.get(authReqId) ?? { last: -Infinity, interval: seconds * 1000 }
      const tooSoon = arrived - before.last < before.interval - LENIENCE
      polls.set(authReqId, { last: arrived, interval: before.interval + (tooSoon ? SLOWER_BY : 0) })
      if (tooSoon) {
        ctx.body = { error: 'slow_down', error_description: 'polled before the interval had passed' }
      }
    }
  }
}

function isMembers(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null
}
