import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from 'countersign'
import type { Clock } from '../backend/backend.ts'
import { invalidArgument } from '../errors/backchannel-error.ts'
import type { BackchannelOptions } from '../settings/options.ts'
import { within } from '../settings/settings.ts'
import { type Transport, transportOf } from './transport.ts'

/** Gives the server's metadata: what was given, or what was fetched and is still good. */
export type MetadataSource = () => Promise<AuthorizationServer>

/** Calls at the same time share one request; a failure is not kept, and what was good before serves meanwhile. */
export function metadataSource(options: BackchannelOptions, clock: Clock): MetadataSource {
  if (options.as !== undefined) {
    const { as } = options
    return async () => as
  }
  const { issuer } = options
  if (!(issuer instanceof URL))
    throw invalidArgument('"options.as" or "options.issuer", a URL, must be given', 'ERR_INVALID_ARG_TYPE')
  const lifetime =
    within(options.metadataLifetime ?? 3600, 'metadataLifetime', 1, Number.MAX_SAFE_INTEGER / 1000) * 1000
  const transport = transportOf(options)
  let known: { readonly as: AuthorizationServer; readonly until: number } | undefined
  let fetching: Promise<AuthorizationServer> | undefined

  return async () => {
    if (known !== undefined && clock.now() < known.until) return known.as
    fetching ??= discover(issuer, transport)
      .then((as) => {
        known = { as, until: clock.now() + lifetime }
        return as
      })
      .finally(() => (fetching = undefined))
    const last = known
    return last === undefined ? await fetching : await fetching.catch(() => last.as)
  }
}

async function discover(issuer: URL, transport: Transport): Promise<AuthorizationServer> {
  const signal = AbortSignal.timeout(30_000)
  return await processDiscoveryResponse(issuer, await discoveryRequest(issuer, { ...transport, signal }))
}
