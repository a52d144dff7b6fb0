import { EventEmitter } from 'node:events'
import type { CIBATriggerAuthenticationDevice, Provider } from 'oidc-provider'
import type { OidcProviderErrors } from './oidc-provider.ts'

/** What the person is asked on the authentication device (CIBA Core §8). */
export interface PhoneRequest {
  readonly authReqId: string
  readonly clientId: string
  readonly clientName: string | undefined
  readonly accountId: string
  readonly scope: string
  readonly bindingMessage: string | undefined
  readonly acrValues: string | undefined
}

/** How the person was authenticated; becomes claims of the ID Token. */
export interface Authentication {
  /** The first of the requested `acr_values` unless given. */
  readonly acr?: string
  /** RFC 8176 values; unless given, a software key and the user's presence. */
  readonly amr?: string[]
  /** `auth_time`, in seconds since the epoch; now unless given. */
  readonly authTime?: number
}

/** The authentication device of every person whom the provider knows. */
export interface Phone {
  /** Resolves when the request with this `auth_req_id` is shown, at once if it is there already. */
  waitFor(authReqId: string): Promise<PhoneRequest>
  /** Resolves with the next request that is shown, whatever its `auth_req_id`. */
  next(): Promise<PhoneRequest>
  /** The person confirms. A ping client is notified before this resolves. */
  approve(authReqId: string, authentication?: Authentication): Promise<void>
  /** The person refuses: the client's next token request is answered `access_denied`. */
  deny(authReqId: string): Promise<void>
}

interface PhoneLine {
  readonly phone: Phone
  /** What the provider calls when it has accepted a backchannel authentication request. */
  readonly ring: CIBATriggerAuthenticationDevice
  /** Gives the phone the provider to which it reports the person's decision. */
  readonly connect: (provider: Provider) => void
}

const ANY = Symbol('any authentication request')

export function phoneFor(errors: OidcProviderErrors): PhoneLine {
  const shown = new Map<string, PhoneRequest>()
  const arrivals = new EventEmitter()
  let provider: Provider | undefined

  async function find(authReqId: string) {
    const request = await provider?.BackchannelAuthenticationRequest.find(authReqId)
    if (!provider || !request?.accountId || !request.clientId) {
      throw new RangeError('no authentication request with this auth_req_id waits for an answer')
    }
    return { provider, request, accountId: request.accountId, clientId: request.clientId }
  }

  const phone: Phone = {
    waitFor(authReqId) {
      const request = shown.get(authReqId)
      if (request) {
        return Promise.resolve(request)
      }
      return new Promise((resolve) => arrivals.once(authReqId, resolve))
    },
    next() {
      return new Promise((resolve) => arrivals.once(ANY, resolve))
    },
    async approve(authReqId, authentication = {}) {
      const { provider, request, accountId, clientId } = await find(authReqId)
      const grant = new provider.Grant({ clientId, accountId })
      grant.addOIDCScope(request.scope ?? '')
      await grant.save()
      await provider.backchannelResult(request, grant, {
        ...acrOf(request.params?.acr_values),
        amr: ['swk', 'user'],
        authTime: Math.floor(Date.now() / 1000),
        ...authentication,
      })
    },
    async deny(authReqId) {
      const { provider, request } = await find(authReqId)
      await provider.backchannelResult(request, new errors.AccessDenied('the person refused'))
    },
  }

  return {
    phone,
    ring(_ctx, request, account, client) {
      const shownRequest: PhoneRequest = {
        authReqId: request.jti,
        clientId: client.clientId,
        clientName: client.clientName,
        accountId: account.accountId,
        scope: request.scope ?? '',
        bindingMessage: textOf(request.params?.binding_message),
        acrValues: textOf(request.params?.acr_values),
      }
      shown.set(request.jti, shownRequest)
      arrivals.emit(request.jti, shownRequest)
      arrivals.emit(ANY, shownRequest)
    },
    connect(connected) {
      provider = connected
    },
  }
}

/** OpenID Connect Core §3.1.2.1: `acr_values` are separated by spaces, the preferred one first. */
function acrOf(acrValues: unknown): Pick<Authentication, 'acr'> {
  const acr = textOf(acrValues)?.split(' ')[0]
  return acr ? { acr } : {}
}

function textOf(parameter: unknown): string | undefined {
  return typeof parameter === 'string' ? parameter : undefined
}
